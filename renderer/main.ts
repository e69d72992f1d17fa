import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './ui/base.css';
import { mount } from 'svelte';
import { engine } from './actions/engine.ts';
import { startLab } from './actions/start.ts';
import App from './views/App.svelte';

// First the questions to main and the engine, then the drawing: the answers come while the page is built.
void startLab();
void engine.started.then(() => mount(App, { target: document.getElementById('app')! }));
