import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--card)', color: 'var(--mantine-color-text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--card)',
    color: 'var(--mantine-color-dimmed)',
    borderColor: 'var(--line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--line) 40%, transparent)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '&.cm-focused': { outline: '2px solid var(--mantine-color-anchor)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'light-dark(#cfe5dc, #2f4a40) !important',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--card)',
    color: 'var(--mantine-color-text)',
    border: '1px solid var(--line)',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'light-dark(#dcece6, #2d3531)',
    color: 'var(--mantine-color-text)',
  },
  '.cm-panels': { backgroundColor: 'var(--card)', color: 'var(--mantine-color-text)' },
})

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool, tags.null, tags.atom], color: 'light-dark(#7b2d8b, #d9a5e8)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'light-dark(#8a3b12, #e8b48f)' },
  { tag: tags.number, color: 'light-dark(#1f4fa3, #9dbdf5)' },
  { tag: [tags.propertyName, tags.standard(tags.variableName)], color: 'light-dark(#20594a, #83c9b4)' },
  { tag: tags.comment, color: 'var(--mantine-color-dimmed)', fontStyle: 'italic' },
])

/** How code looks, by day and by night, with colours that can be read. */
export const look = [theme, syntaxHighlighting(colours)]
