/** The map's colours by theme: quiet ground, so that what moves and what burns stands out. */

export interface Palette {
  outside: string;
  ground: string;
  edge: string;
  green: string;
  greenEdge: string;
  water: string;
  waterEdge: string;
  road: string;
  roadEdge: string;
  walkway: string;
  plaza: string;
  parking: string;
  fireLane: string;
  fireHatch: string;
  noGo: string;
  lane: string;
  building: string;
  buildingEdge: string;
  buildingSmall: string;
  shadow: string;
  tower: string; // standing up, where its faces are shaded
  label: string;
  labelHalo: string;
  placeLabel: string;
  thing: string;
  thingHalo: string;
  accent: string;
  accentInk: string;
  sensor: string;
  alarm: string;
  done: string;
  light: string;
}

export const PALETTES: Record<'light' | 'dark', Palette> = {
  light: {
    outside: '#e4e7e5',
    ground: '#f0f1ed',
    edge: '#a8b0ad',
    green: '#d3e0c9',
    greenEdge: '#c0d2b5',
    water: '#bcd8e6',
    waterEdge: '#9cc2d5',
    road: '#ffffff',
    roadEdge: '#d3d8d4',
    walkway: '#f7f3e8',
    plaza: '#efe9da',
    parking: '#e3e6e6',
    fireLane: '#f3eee0',
    fireHatch: '#ded3b4',
    noGo: '#b6bcb8',
    lane: '#7fa6a3',
    building: '#e8eae6',
    buildingEdge: '#98a39f',
    buildingSmall: '#eceeea',
    shadow: '#2c3a36',
    tower: '#f6f7f4',
    label: '#27302f',
    labelHalo: 'rgba(236,238,235,0.95)',
    placeLabel: '#55635c',
    thing: '#627170',
    thingHalo: '#ffffff',
    accent: '#0a6566',
    accentInk: '#ffffff',
    sensor: '#6d7b7b',
    alarm: '#c4201d',
    done: '#1f5fb4',
    light: '#ffffff',
  },
  dark: {
    outside: '#0d1113',
    ground: '#151b1d',
    edge: '#4a575b',
    green: '#1b2921',
    greenEdge: '#24362b',
    water: '#17303f',
    waterEdge: '#23485c',
    road: '#2b3338',
    roadEdge: '#363f45',
    walkway: '#262c2d',
    plaza: '#2a2e2c',
    parking: '#222a2e',
    fireLane: '#322d22',
    fireHatch: '#4a412c',
    noGo: '#4a5456',
    lane: '#4d7c79',
    building: '#3a4449',
    buildingEdge: '#566268',
    buildingSmall: '#333c40',
    shadow: '#000000',
    tower: '#4a565c',
    label: '#dfe6e5',
    labelHalo: 'rgba(45,54,58,0.92)',
    placeLabel: '#9dacab',
    thing: '#a7b5b5',
    thingHalo: '#12181a',
    accent: '#58c2b9',
    accentInk: '#06211f',
    sensor: '#8c9a9b',
    alarm: '#ff5a50',
    done: '#79b1f7',
    light: '#8fa0a6',
  },
};
