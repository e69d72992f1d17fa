/** Turns offsets of a text into lines and columns, both from 1. Lines end at \n; a \r before it belongs to the line. */
export interface LineMap {
  at(offset: number): { readonly line: number; readonly column: number };
}

export function lineMapOf(text: string): LineMap {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    at(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle]! <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - starts[low]! + 1 };
    },
  };
}
