const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '')

/** What every page is sent with: it is kept nowhere, framed by nobody, and tells no other site where it was. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
} as const

const page = (title: string, body: string): string =>
  `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>${escaped(title)}</title>\n` +
  '<style>body{font:16px/1.5 sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem}</style></head>\n' +
  `<body>\n<h1>${escaped(title)}</h1>\n${body}\n</body>\n</html>\n`

/** Asks for the key of an administrator; it goes to this gateway alone. */
export function startPage(): string {
  return page(
    'Log in at the broker',
    '<p>You are sent on to the broker’s own page. Your broker password stays there.</p>\n' +
      '<form method="post" action="/broker/login">\n' +
      '<p><label>API key with the scope “admin”<br><input name="apiKey" type="password" autocomplete="off" required size="64"></label></p>\n' +
      '<p><button>Go to the broker</button></p>\n</form>',
  )
}

/** The session is open. */
export function donePage(session: {
  readonly account: string
  readonly userId: string
  readonly until: string
}): string {
  const { account, userId, until } = session
  return page(
    'Logged in',
    `<p>The session of account <b>${escaped(account)}</b> is live: user ${escaped(userId)}, until ${escaped(until)}.</p>\n<p>You can close this page.</p>`,
  )
}

/** Something is in the way; `problem` says what, and what to do. */
export function problemPage(problem: string): string {
  return page(
    'Not logged in',
    `<p role="alert">${escaped(problem)}</p>\n<p><a href="/broker/login">Begin again</a></p>`,
  )
}
