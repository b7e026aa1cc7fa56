import { ownMarkup } from './html'

export const PAGE_STYLE = ownMarkup(`
body { font: 14px/1.4 system-ui, sans-serif; margin: 1rem 2rem; color: #222; background: #fafafa }
h1 { font-size: 1.3rem } h2 { font-size: 1rem; margin: 1.2rem 0 .3rem }
table { border-collapse: collapse; background: #fff } th, td { border: 1px solid #ddd; padding: .15rem .5rem; text-align: left }
th { background: #eee } th:empty { display: none } .none { color: #888; margin: 0 } output { color: #a00 }
`)

/**
 * Reads the page again each second and takes over all sections but the form, so that what a person types stays. Buttons
 * call the control API and read it again.
 */
export const PAGE_SCRIPT = ownMarkup(`
const panel = document.getElementById('status')
const output = document.querySelector('output')
async function refresh() {
  const text = await (await fetch('/')).text()
  const fresh = new DOMParser().parseFromString(text, 'text/html').querySelectorAll('#status > section')
  panel.querySelectorAll(':scope > section').forEach((section, place) => {
    if (!section.querySelector('form') && fresh[place]) section.replaceWith(fresh[place])
  })
}
async function call(method, path, body) {
  const answer = await fetch(path, { method, headers: { 'content-type': 'application/json' }, body })
  output.textContent = answer.ok ? '' : (await answer.json()).error
  await refresh()
}
document.addEventListener('click', (event) => {
  const { method, path } = event.target.dataset ?? {}
  if (method) void call(method, path)
})
document.getElementById('arm').addEventListener('submit', (event) => {
  event.preventDefault()
  const form = new FormData(event.target)
  try {
    const rule = JSON.parse(form.get('rule') || '{}')
    void call('POST', '/faults', JSON.stringify({ ...rule, name: form.get('name') }))
  } catch (error) {
    output.textContent = 'the rule is no JSON: ' + error.message
  }
})
setInterval(() => refresh().catch(() => undefined), 1000)
`)
