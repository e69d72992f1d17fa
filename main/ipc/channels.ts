import type { ActionId } from '../../engine/protocol/actions.ts';
import type { FaultlineApi, OpenedScenario, Reply, Settings } from '../../engine/protocol/window-api.ts';

/** Every question the window can ask: the channel's name and its type in the contract. Shared by main and preload. */
export interface Questions {
  info: FaultlineApi['info'];
  initial: FaultlineApi['initial'];
  'scenarios.list': FaultlineApi['scenarios']['list'];
  'scenarios.read': FaultlineApi['scenarios']['read'];
  'scenarios.openDialog': FaultlineApi['scenarios']['openDialog'];
  'settings.get': FaultlineApi['settings']['get'];
  'settings.set': FaultlineApi['settings']['set'];
  'place.keep': FaultlineApi['place']['keep'];
}

export type Question = keyof Questions;

/** Everything main tells the window unasked. */
export interface News {
  opened: Reply<OpenedScenario>;
  menu: ActionId;
  settings: Settings;
}
