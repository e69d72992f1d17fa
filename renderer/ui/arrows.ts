/** A curved arrow between two elements, as the paths of an SVG that lies over their common ancestor. */
export interface Arrow {
  readonly path: string;
  readonly head: string;
}

/** Length of an arrow's head. Pixels. */
const HEAD = 7;

/**
 * Arrows from each element that matches `from` to the one that matches `to` and whose attribute says the same: right
 * edge to left edge. Pixels from the ancestor's corner.
 * @param from @param to selectors of one attribute each, as `[data-from]`
 */
export function arrowsBetween(ancestor: HTMLElement, from: string, to: string): Arrow[] {
  const origin = ancestor.getBoundingClientRect();
  const attribute = (selector: string): string => selector.slice(1, -1);
  const targets = new Map(
    [...ancestor.querySelectorAll<HTMLElement>(to)].map((element) => [element.getAttribute(attribute(to)), element]),
  );
  return [...ancestor.querySelectorAll<HTMLElement>(from)].flatMap((element) => {
    const target = targets.get(element.getAttribute(attribute(from)));
    if (target === undefined) return [];
    const start = element.getBoundingClientRect();
    const end = target.getBoundingClientRect();
    return [
      arrow(
        start.right - origin.left,
        start.top + start.height / 2 - origin.top,
        end.left - 2 - origin.left,
        end.top + end.height / 2 - origin.top,
      ),
    ];
  });
}

function arrow(x: number, y: number, toX: number, toY: number): Arrow {
  const bend = (toX - x) / 2;
  const tip = toX - HEAD;
  return {
    path: `M${x} ${y}C${x + bend} ${y} ${tip - bend} ${toY} ${tip} ${toY}`,
    head: `M${toX} ${toY}l${-HEAD} ${-HEAD / 2}v${HEAD}z`,
  };
}
