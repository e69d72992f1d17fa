import type { Tally } from './tally.ts';
import { counted, listed } from './words.ts';

/** What an end or a munmap gave back: frames with data, page tables, and what others keep. */
export function freed({ freedFrames, freedTables, unmappedPages }: Tally): string {
  const gone = [
    ...(freedFrames > 0 ? [`${counted(freedFrames, 'frame')} with data`] : []),
    ...(freedTables > 0 ? [counted(freedTables, 'page table')] : []),
  ];
  const kept = unmappedPages - freedFrames;
  const stay = `${counted(kept, 'frame')} ${kept === 1 ? 'stays' : 'stay'} with whoever else maps ${kept === 1 ? 'it' : 'them'}`;
  if (gone.length === 0) return kept > 0 ? `${capital(stay)}.` : 'No frame was behind it.';
  const verb = freedFrames + freedTables === 1 ? 'becomes' : 'become';
  return `${capital(listed(gone))} ${verb} free${kept > 0 ? `, ${stay}` : ''}.`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
