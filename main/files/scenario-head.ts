import { parse } from 'yaml';

export interface ScenarioHead {
  readonly title: string | null;
  readonly summary: string | null;
  readonly features: readonly string[];
}

/**
 * Title, summary and features of a scenario, without reading its steps: everything ahead of `chapters:` is a few lines, and the
 * list of all scenarios is made while a person waits. Nulls for what is not there; the player reports what is wrong.
 */
export function headOf(text: string): ScenarioHead {
  const head = text.split(/^chapters\s*:/m, 1)[0] ?? '';
  let value: unknown;
  try {
    value = parse(head, { maxAliasCount: 0, logLevel: 'silent' });
  } catch {
    value = null;
  }
  return { title: textAt(value, 'title'), summary: textAt(value, 'summary'), features: featuresAt(value) };
}

function textAt(value: unknown, key: 'title' | 'summary'): string | null {
  const text: unknown = value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : null;
  return typeof text === 'string' ? text.trim() : null;
}

function featuresAt(value: unknown): string[] {
  const list: unknown = value !== null && typeof value === 'object' ? Reflect.get(value, 'features') : null;
  return Array.isArray(list) ? list.filter((id): id is string => typeof id === 'string') : [];
}
