import { isScalar } from 'yaml';
import { didYouMean } from '../text/nearest.ts';
import type { TextProblem } from '../text/problem.ts';
import { placedScalar, substituted, textAt, type PlacedText } from './placed-text.ts';
import type { YamlFile } from './read-yaml.ts';
import type { FilePlace } from './scenario.ts';

/** A file being compiled: texts with parameters put in, places, and the problems found so far. */
export class FileReader {
  readonly problems: TextProblem[] = [];

  constructor(
    readonly file: YamlFile,
    private readonly lineAt: (offset: number) => FilePlace,
    readonly parameters: ReadonlyMap<string, number>,
  ) {}

  placeOf(path: readonly (string | number)[]): FilePlace {
    return this.lineAt(this.file.offsetOf(path));
  }

  placeAt(offset: number): FilePlace {
    return this.lineAt(offset);
  }

  report(path: readonly (string | number)[], message: string, remedy: string, key?: 'key'): void {
    const start = this.file.offsetOf(path, key);
    this.problems.push({ start, end: start, message, remedy });
  }

  /** Problems of a text inside the file, moved to where that text stands. */
  reportIn(text: PlacedText, problems: readonly TextProblem[]): void {
    for (const p of problems) this.problems.push({ ...p, start: text.at(p.start), end: text.at(p.end) });
  }

  /** The text at a path as it stands. */
  raw(path: readonly (string | number)[]): PlacedText {
    const node = this.file.nodeAt(path);
    return isScalar(node) ? placedScalar(this.file.source, node) : textAt('', this.file.offsetOf(path));
  }

  /** The text at a path with its parameters put in; '' where there is none. */
  text(path: readonly (string | number)[]): PlacedText {
    const node = this.file.nodeAt(path);
    if (!isScalar(node)) return textAt('', this.file.offsetOf(path));
    return substituted(placedScalar(this.file.source, node), (name, start, end) => {
      const value = this.parameters.get(name);
      if (value !== undefined) return String(value);
      const known = [...this.parameters.keys()];
      const remedy = didYouMean(name, known, `add ${name || 'it'} to parameters`);
      this.problems.push({ start, end, message: `there is no parameter ${name || 'without a name'}`, remedy });
      // stands in, so that what is around it is still read
      return '0';
    });
  }
}
