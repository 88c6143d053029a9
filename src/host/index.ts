export { type LocalViewOptions, localView, type Run } from './local-view.js';
