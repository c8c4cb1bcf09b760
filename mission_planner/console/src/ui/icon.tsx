/** Line icons (lucide), as elements here and as strokes on a canvas for the map. */
import {
  ArrowDown,
  ArrowDownToLine,
  ArrowUp,
  Biohazard,
  Bot,
  Box,
  Camera,
  Cctv,
  ChartNoAxesColumn,
  Check,
  ChevronLeft,
  ChevronRight,
  CircleAlert,
  CircleCheck,
  Clock,
  CloudFog,
  Cpu,
  DoorClosed,
  Droplets,
  Eye,
  EyeOff,
  Flame,
  HandHelping,
  ImageOff,
  Info,
  Keyboard,
  Expand,
  Languages,
  LayoutGrid,
  Lightbulb,
  LightbulbOff,
  List,
  LogOut,
  GitMerge,
  KeyRound,
  UserRound,
  Users,
  Upload,
  WandSparkles,
  Bell,
  BellOff,
  Building2,
  CalendarDays,
  Layers,
  MapPin,
  Megaphone,
  Maximize,
  Minimize,
  Minus,
  Monitor,
  Moon,
  MoveVertical,
  Pause,
  Pencil,
  Play,
  PlugZap,
  Plus,
  Radio,
  RotateCcw,
  Route,
  Search,
  Settings,
  ShieldAlert,
  Siren,
  Send,
  SquareStack,
  Sun,
  Trash,
  Undo2,
  Video,
  VideoOff,
  Volume2,
  VolumeX,
  Watch,
  Waves,
  WifiOff,
  Wind,
  X,
  Zap,
  type IconNode,
} from 'lucide';
import { h } from 'preact';

export const ICONS = {
  acknowledge: HandHelping,
  alert: CircleAlert,
  auto: WandSparkles,
  bell: Bell,
  building: Building2,
  bundle: Layers,
  download: ArrowDownToLine,
  duty: CalendarDays,
  key: KeyRound,
  merge: GitMerge,
  person: UserRound,
  people: Users,
  shelve: BellOff,
  upload: Upload,
  analysis: ChartNoAxesColumn,
  back: ChevronLeft,
  camera: Cctv,
  check: Check,
  clock: Clock,
  close: X,
  co: CloudFog,
  dark: Moon,
  devices: Cpu,
  dock: PlugZap,
  done: CircleCheck,
  door: DoorClosed,
  down: ArrowDown,
  edit: Pencil,
  electric: Zap,
  enlarge: Expand,
  elevator: MoveVertical,
  fit: Maximize,
  flame: Flame,
  flat: SquareStack,
  flood: Waves,
  forward: ChevronRight,
  gas: Wind,
  grid: LayoutGrid,
  hide: EyeOff,
  imageOff: ImageOff,
  incidents: Siren,
  info: Info,
  keys: Keyboard,
  language: Languages,
  lamp: Lightbulb,
  lampOff: LightbulbOff,
  light: Sun,
  list: List,
  live: Radio,
  logout: LogOut,
  manhole: ShieldAlert,
  minus: Minus,
  offline: WifiOff,
  patrols: Route,
  pause: Pause,
  pin: MapPin,
  play: Play,
  plus: Plus,
  raise: Box,
  release: Send,
  reopen: RotateCcw,
  robots: Bot,
  search: Search,
  septic: Biohazard,
  settings: Settings,
  show: Eye,
  shrink: Minimize,
  snapshot: Camera,
  sos: Siren,
  soundOff: VolumeX,
  soundOn: Volume2,
  speak: Megaphone,
  system: Monitor,
  trash: Trash,
  undo: Undo2,
  up: ArrowUp,
  video: Video,
  videoOff: VideoOff,
  vision: Eye,
  water: Droplets,
  wristband: Watch,
} satisfies Record<string, IconNode>;

export type IconName = keyof typeof ICONS;

const DEVICE_ICONS: Record<string, IconName> = {
  smoke: 'flame',
  gas: 'gas',
  co: 'co',
  electrical_fire: 'electric',
  water_meter: 'water',
  water_no_use: 'water',
  door_magnet: 'door',
  door: 'door',
  wristband_gateway: 'wristband',
  wristband: 'wristband',
  sos_button: 'sos',
  sos: 'sos',
  manhole: 'manhole',
  flood: 'flood',
  septic_gas: 'septic',
  elevator: 'elevator',
  person_fallen: 'sos',
  robot_trouble: 'robots',
};

/** The icon of a device kind or an incident kind; kinds not known yet get a general one. */
export const iconOfKind = (kind: string): IconName => DEVICE_ICONS[kind] ?? 'alert';

/** Decorative by default: the words beside it carry the meaning. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {ICONS[name].map(([tag, attributes]) => h(tag, attributes as Record<string, string>))}
    </svg>
  );
}

/** Draws an icon on a canvas, its 24-unit box scaled to `size` around (x, y). */
export function strokeIcon(ctx: CanvasRenderingContext2D, name: IconName, x: number, y: number, size: number): void {
  ctx.save();
  ctx.translate(x - size / 2, y - size / 2);
  ctx.scale(size / 24, size / 24);
  ctx.lineCap = ctx.lineJoin = 'round';
  ctx.lineWidth = 2.2;
  for (const [tag, a] of ICONS[name]) ctx.stroke(pathOf(tag, a as Record<string, string | number>));
  ctx.restore();
}

function pathOf(tag: string, a: Record<string, string | number>): Path2D {
  const n = (key: string) => Number(a[key] ?? 0);
  if (tag === 'path') return new Path2D(String(a['d']));
  const path = new Path2D();
  if (tag === 'circle') path.arc(n('cx'), n('cy'), n('r'), 0, 2 * Math.PI);
  else if (tag === 'rect') path.roundRect(n('x'), n('y'), n('width'), n('height'), n('rx'));
  else if (tag === 'line') {
    path.moveTo(n('x1'), n('y1'));
    path.lineTo(n('x2'), n('y2'));
  } else if (tag === 'polyline' || tag === 'polygon') {
    path.addPath(new Path2D(`M${String(a['points'])}${tag === 'polygon' ? 'Z' : ''}`));
  }
  return path;
}
