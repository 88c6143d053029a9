import { BRIDGES, PLUGS, SETTINGS } from './devices.js';
import { FIREWALLS } from './firewalls.js';
import { BEYOND_THE_HOST } from './inside.js';
import { FILTERS } from './more-filters.js';
import { ROUTES } from './more-routes.js';
import { GUESTS, LEASES, LOST_BRIDGES } from './more-services.js';
import type { Recipe } from './recipe.js';
import { NAMES, SERVICES, STARTS } from './services.js';

/** What people, programs and accidents do to hosts. Those that stop networks come last: they unplug guests. */
export const RECIPES: readonly Recipe[] = [
  ...FIREWALLS,
  ...PLUGS,
  ...BRIDGES,
  ...SERVICES,
  ...SETTINGS,
  ...BEYOND_THE_HOST,
  ...NAMES,
  ...ROUTES,
  ...FILTERS,
  ...GUESTS,
  ...LEASES,
  ...STARTS,
  ...LOST_BRIDGES,
];
