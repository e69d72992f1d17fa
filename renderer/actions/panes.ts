import type { PaneSettings } from '../../engine/protocol/window-api.ts';
import { lab } from '../stores/lab.svelte.ts';
import { applySettings, changeSettings } from './settings.ts';

/** Moves an edge while it is dragged; nothing is remembered yet. */
export function movePanes(change: Partial<PaneSettings>): void {
  const { settings } = lab;
  if (settings !== null) applySettings({ ...settings, panes: { ...settings.panes, ...change } });
}

/** Moves an edge, shows or hides a pane; remembered. */
export async function keepPanes(change: Partial<PaneSettings>): Promise<void> {
  const panes = lab.settings?.panes;
  if (panes !== undefined) await changeSettings({ panes: { ...panes, ...change } });
}

export async function togglePane(pane: 'timelineShown' | 'lowerShown'): Promise<void> {
  const panes = lab.settings?.panes;
  if (panes !== undefined) await keepPanes({ [pane]: !panes[pane] });
}
