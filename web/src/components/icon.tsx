// Small line drawings, on a grid of 24.
const PATHS = {
  overview: 'M3 21h18M5 21V9m4 12V9m6 12V9m4 12V9M3 9l9-6 9 6z',
  lexicon: 'M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11M9 8h6',
  query: 'M4 6h16M4 12h6M4 18h6M16 17a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM18.5 16.5 21.5 20',
  record: 'M4 6c0-4 16-4 16 0v12c0 4-16 4-16 0zM4 6c0 4 16 4 16 0M4 12c0 4 16 4 16 0',
  backfill: 'M4 12a8 8 0 1 0 3-6.2M7 2v4h4M12 8v4l3 2',
  script: 'M8 7l-5 5 5 5m8-10 5 5-5 5M14 4l-4 16',
  label: 'M3 3h8l10 10-8 8L3 11zM7.5 7.5h.01',
  letter: 'M3 6h18v13H3zM3 7l9 7 9-7',
  job: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v3m0 14v3M2 12h3m14 0h3M5 5l2 2m10 10 2 2M19 5l-2 2M7 17l-2 2',
  event: 'M4 5h16M4 12h16M4 19h10',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-9 16-9 16 0',
  users:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2 20c0-8 14-8 14 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14c3 1 4 3 4 6',
  key: 'M8 18a5 5 0 1 1 4.6-7H21v4h-3v-2h-2v2h-3.4A5 5 0 0 1 8 18zM8 13h.01',
  client: 'M3 4h18v13H3zM8 21h8m-4-4v4',
  variable: 'M8 4c-4 0-1 8-5 8 4 0 1 8 5 8m8-16c4 0 1 8 5 8-4 0-1 8-5 8',
  plug: 'M9 2v6m6-6v6M6 8h12v4a6 6 0 0 1-12 0zM12 18v4',
  settings: 'M4 7h10m4 0h2M4 17h2m4 0h10M16 4v6M8 14v6',
  globe: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c-5 6-5 12 0 18m0-18c5 6 5 12 0 18',
  image: 'M12 2 3 7v10l9 5 9-5V7zM3 7l9 5 9-5m-9 5v10',
  hold: 'M3 8h18v12H3zM5 8V4h14v4M9 12h6',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 21 21',
  star: 'm12 3 2.8 5.7 6.2.9-4.5 4.4 1 6.2-5.5-2.9-5.5 2.9 1-6.2L3 9.6l6.2-.9z',
  thought: 'M4 4h16v12h-8l-5 4v-4H4z',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l2 1H4zM10 21h4',
  heart: 'M12 20C2 13 3 5 8 5c2 0 3 1 4 3 1-2 2-3 4-3 5 0 6 8-4 15z',
  boost: 'M4 9l4-4 4 4M8 5v10a3 3 0 0 0 3 3h2m7-3-4 4-4-4m4 4V9a3 3 0 0 0-3-3h-2',
  reply: 'M9 6l-6 6 6 6m-6-6h10c5 0 8 3 8 7',
  shield: 'M12 2 4 5v6c0 6 4 9 8 11 4-2 8-5 8-11V5z',
  sync: 'M4 4h7v7H4zm9 9h7v7h-7zM15 4h5v5M9 20H4v-5',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6m4-6v6',
  plus: 'M12 5v14M5 12h14',
  copy: 'M9 9h11v12H9zM5 15H4V3h11v2',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2m0 16v2M2 12h2m16 0h2M5 5l1.5 1.5m11 11L19 19M19 5l-1.5 1.5m-11 11L5 19',
  moon: 'M20 14A8.5 8.5 0 0 1 10 4a8.5 8.5 0 1 0 10 10z',
  out: 'M10 4H4v16h6M9 12h12m-5-5 5 5-5 5',
  pause: 'M8 5v14m8-14v14',
  play: 'M7 4l13 8-13 8z',
  retry: 'M20 12a8 8 0 1 1-3-6.2M20 3v5h-5',
  close: 'M5 5l14 14M19 5 5 19',
  command:
    'M9 9V6a3 3 0 1 0-3 3zm0 0h6m-6 0v6m6-6V6a3 3 0 1 1 3 3zm0 0v6m0 0h-6m6 0v3a3 3 0 1 0 3-3zm-6 0v3a3 3 0 1 1-3-3z',
  warning: 'M12 3 2 20h20zM12 10v4m0 3h.01',
  device: 'M4 5h16v10H4zM2 19h20',
} as const

export type IconName = keyof typeof PATHS

/** A drawing that says nothing by itself: whatever it stands in has a name of its own. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
