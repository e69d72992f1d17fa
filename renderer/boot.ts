/**
 * The page's first script, small so that it runs while the lab's own is still being compiled: it starts the engine and
 * has the first scenario opened, which take longest, and only then the drawing.
 */
import './actions/first-opening.ts';

void import('./main.ts');
