import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** The green of the house, from paper to night. */
const view: MantineColorsTuple = [
  '#eef7f4',
  '#dcece6',
  '#b5d8cb',
  '#8bc3ae',
  '#69b196',
  '#53a687',
  '#46a17e',
  '#2f8468',
  '#2a6656',
  '#164c3d',
]

/** Quiet greens instead of Mantine's blue greys. */
const dark: MantineColorsTuple = [
  '#e6ebe8',
  '#c6cfca',
  '#a9b4ae',
  '#66716b',
  '#3d4641',
  '#2d3531',
  '#232a26',
  '#1a201d',
  '#131816',
  '#0d110f',
]

export const theme = createTheme({
  primaryColor: 'view',
  primaryShade: { light: 8, dark: 7 },
  colors: { view, dark },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.125rem' } } },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Table: { defaultProps: { verticalSpacing: 'xs', highlightOnHover: true } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none' } },
    Button: { defaultProps: { size: 'sm' } },
    Modal: { defaultProps: { centered: true } },
  },
})

/** Greys that can be read (WCAG AA) where Mantine's are too pale. */
export const colours: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f6f8f7',
    '--mantine-color-text': '#1b211e',
    '--mantine-color-dimmed': '#55605a',
    '--mantine-color-placeholder': '#626c67',
    '--mantine-color-anchor': '#20594a',
    '--mantine-color-error': '#a8321f',
    '--mantine-color-teal-light-color': '#0a5a41',
    '--mantine-color-yellow-light-color': '#6a4700',
    '--mantine-color-blue-light-color': '#155a9c',
    '--mantine-color-red-light-color': '#9d1f1f',
    '--mantine-color-gray-light-color': '#3d4641',
    '--card': '#ffffff',
    '--line': '#d9e0dc',
  },
  dark: {
    '--mantine-color-body': '#131816',
    '--mantine-color-text': '#e6ebe8',
    '--mantine-color-dimmed': '#a3ada8',
    '--mantine-color-placeholder': '#98a39d',
    '--mantine-color-anchor': '#83c9b4',
    '--mantine-color-error': '#f5a090',
    '--card': '#1a201d',
    '--line': '#323a36',
  },
})
