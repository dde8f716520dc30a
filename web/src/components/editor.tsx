import { autocompletion, type CompletionContext } from '@codemirror/autocomplete'
import { json, jsonParseLinter } from '@codemirror/lang-json'
import { StreamLanguage } from '@codemirror/language'
import { lua } from '@codemirror/legacy-modes/mode/lua'
import { type Diagnostic, linter, lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorView } from '@codemirror/view'
import CodeMirror, { type ReactCodeMirrorRef } from '@uiw/react-codemirror'
import { useEffect, useMemo, useRef } from 'react'
import { nonce } from '@/app/base'
import type { CodeProps } from './code'
import { look } from './editor-look'

/** The word before the cursor, with its dots: `db.query`. */
const WORD = /[\w.]+/

const offers = (words: NonNullable<CodeProps['words']>) => (context: CompletionContext) => {
  const word = context.matchBefore(WORD)
  if (!word || (word.from === word.to && !context.explicit)) return null
  return {
    from: word.from,
    options: words.map((word) => ({ ...word, type: 'function' })),
    validFor: /^[\w.]*$/,
  }
}

const flaws = jsonParseLinter()

/** What is wrong with what was written; nothing yet is not wrong. */
const complaints = (view: EditorView) => (view.state.doc.length > 0 ? flaws(view) : [])

export default function Editor({ value, onChange, language, label, problems, words }: CodeProps) {
  const editor = useRef<ReactCodeMirrorRef>(null)
  const extensions = useMemo(
    () => [
      EditorView.cspNonce.of(nonce),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': label }),
      lintGutter(),
      ...(language === 'json' ? [json(), linter(complaints)] : [StreamLanguage.define(lua)]),
      ...(words ? [autocompletion({ override: [offers(words)] })] : []),
    ],
    [language, label, words],
  )
  useEffect(() => {
    const view = editor.current?.view
    if (!view || !problems) return
    const diagnostics = problems.map(({ line, message }): Diagnostic => {
      const { from, to } = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines))
      return { from, to, severity: 'error', message }
    })
    view.dispatch(setDiagnostics(view.state, diagnostics))
  }, [problems])
  return (
    <div className="editor">
      <CodeMirror
        ref={editor}
        value={value}
        onChange={onChange}
        editable={!!onChange}
        // Tab leads out of it, as out of any field.
        indentWithTab={false}
        theme={look}
        extensions={extensions}
        basicSetup={{ foldGutter: false, autocompletion: !words, syntaxHighlighting: false }}
      />
    </div>
  )
}
