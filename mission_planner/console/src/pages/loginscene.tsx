/** Behind the login: the plan of some community, and the round that someone walks through it. */

const TOWERS: [x: number, y: number, w: number, h: number, turn: number][] = [
  [250, 190, 150, 58, -6],
  [480, 165, 170, 58, 2],
  [1090, 170, 170, 58, -2],
  [1310, 205, 150, 58, 7],
  [190, 430, 120, 62, -4],
  [1380, 450, 120, 62, 4],
  [250, 690, 150, 58, 5],
  [470, 730, 160, 58, -2],
  [1080, 735, 170, 58, 3],
  [1300, 690, 150, 58, -6],
];

export function LoginScene() {
  return (
    <svg class="login-scene" viewBox="0 0 1600 900" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <rect class="scene-ground" x="70" y="60" width="1460" height="780" rx="90" />
      <g class="scene-road" fill="none">
        <rect x="130" y="120" width="1340" height="660" rx="110" />
        <path d="M130 330C400 300 560 345 800 340s420-40 670-10M130 590c250-20 430 20 670 15s440 30 670-10M420 120c40 220-40 420 10 660M1180 120c-40 220 40 420-10 660M800 120v660" />
      </g>
      <ellipse class="scene-road" cx="800" cy="460" rx="250" ry="130" fill="none" />
      <path class="scene-water" d="M880 420c60-30 150-10 140 50s-90 80-130 50-60-75-10-100Z" />
      {TOWERS.map(([x, y, w, h, turn]) => (
        <rect
          key={`${x}/${y}`}
          class="scene-tower"
          x={x - w / 2}
          y={y - h / 2}
          width={w}
          height={h}
          rx="6"
          transform={`rotate(${turn} ${x} ${y})`}
        />
      ))}
      <path
        class="scene-round"
        d="M800 690V605c-240 5-420-35-670-15V330c270-30 430 15 670 10s420-40 670-10v260c-230 40-370 15-540 12"
        fill="none"
      />
      {[
        [800, 690],
        [430, 598],
        [130, 470],
        [420, 322],
        [800, 340],
        [1185, 325],
        [1470, 470],
      ].map(([x, y]) => (
        <circle key={`${x}/${y}`} class="scene-stop" cx={x} cy={y} r="8" />
      ))}
      <circle class="scene-robot" cx="930" cy="602" r="13" />
    </svg>
  );
}
