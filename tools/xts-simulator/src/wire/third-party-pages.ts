const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that may stand in a page or in an attribute. */
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '')

const frame = (body: string): string =>
  `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Simulated broker</title></head>\n<body>\n${body}\n</body>\n</html>\n`

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escaped(value)}">`

/** The form of the browser login; it posts to its own address. */
export function loginPage(o: {
  readonly appKey: string
  readonly returnURL: string
  readonly problem: string | undefined
}): string {
  const problem = o.problem === undefined ? '' : `<p role="alert">${escaped(o.problem)}</p>\n`
  return frame(
    `<h1>Log in</h1>\n${problem}<form method="post" action="thirdparty">\n` +
      `${hidden('appKey', o.appKey)}${hidden('returnURL', o.returnURL)}\n` +
      '<label>User ID <input name="userID" required></label>\n' +
      '<label>Password <input name="password" type="password" required></label>\n' +
      '<button>Log in</button>\n</form>\n<p>At this simulator the password is the secretKey of the application.</p>',
  )
}

/** Hands the session over: a form that sends itself to the program. */
export function returnPage(returnURL: string, session: string): string {
  return frame(
    `<form method="post" action="${escaped(returnURL)}">\n${hidden('session', session)}\n` +
      '<button>Continue</button>\n</form>\n<script>document.forms[0].submit()</script>',
  )
}
