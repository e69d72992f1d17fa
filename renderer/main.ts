import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './ui/base.css';
import { mount } from 'svelte';
import { startLab } from './actions/start.ts';
import App from './views/App.svelte';

mount(App, { target: document.getElementById('app')! });
void startLab();
