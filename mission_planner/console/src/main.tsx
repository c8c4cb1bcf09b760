/** Starts the console. */
import 'maplibre-gl/dist/maplibre-gl.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/map.css';
import './styles/panel.css';
import './styles/pages.css';
import './styles/desk.css';
import './styles/registry.css';
import './styles/video.css';
import './styles/phone.css';
import { render } from 'preact';
import { App } from './app';

const root = document.getElementById('app');
if (!root) throw new Error('expected an element with the id "app" in index.html');
render(<App />, root);
