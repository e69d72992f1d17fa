import { toJsonSchema } from '@valibot/to-json-schema';
import { FORMAT, scenarioSchema } from './schema.ts';

/** The format's JSON Schema, as editors use it; what a schema cannot say is checked when a scenario is loaded. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return {
    ...toJsonSchema(scenarioSchema, { errorMode: 'ignore' }),
    title: `Faultline scenario, ${FORMAT}`,
    description: 'A script of chapters and steps that plays memory operations, says what they show and checks it.',
  };
}

export const scenarioJsonSchemaText = (): string => `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
