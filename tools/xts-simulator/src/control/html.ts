/** Text that is safe to stand in a page; nothing else is one. */
export interface Html {
  readonly isHtml: true
  readonly text: string
}

type Part = string | number | Html | readonly Html[]

/** Builds a page: whatever is put in and is not Html itself is escaped. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = literals.map((literal, place) => literal + textOf(parts[place] ?? '')).join('')
  return { isHtml: true, text }
}

/** Markup that this program itself wrote, as it is. */
export const ownMarkup = (text: string): Html => ({ isHtml: true, text })

export function table(columns: readonly string[], rows: readonly (readonly Part[])[]): Html {
  const head = columns.map((column) => html`<th>${column}</th>`)
  const body = rows.map(
    (row) =>
      html`<tr>
        ${row.map((cell) => html`<td>${cell}</td>`)}
      </tr>`,
  )
  if (rows.length === 0) return html`<p class="none">none</p>`
  return html`<table>
    <thead>
      <tr>
        ${head}
      </tr>
    </thead>
    <tbody>
      ${body}
    </tbody>
  </table>`
}

function textOf(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part))
  return 'isHtml' in part ? part.text : part.map((one) => one.text).join('')
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (found) => ESCAPES[found] ?? found)
