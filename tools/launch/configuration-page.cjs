// Writes docs/configuration.md from the compiled settings schemas of every service and the words of .env.example.
// `node tools/launch/configuration-page.cjs` writes it (after `npm run build`); the flow tests compare it with the page.
const { existsSync, readFileSync, readdirSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const PAGE = 'docs/configuration.md'

/** The whole page. `root` is the project's folder, with its dist. */
function configurationPage(root) {
  const { z } = require('zod')
  const apps = readdirSync(join(root, 'apps')).filter((app) =>
    existsSync(join(root, 'dist/apps', app, 'src/settings.js')),
  )
  const settings = new Map()
  for (const app of apps) {
    const exported = Object.values(require(join(root, 'dist/apps', app, 'src/settings.js')))
    const schema = exported.find((value) => value instanceof z.ZodObject)
    for (const [name, part] of Object.entries(schema.shape)) {
      const known = settings.get(name) ?? { ...describe(z, part), services: [] }
      known.services.push(app)
      settings.set(name, known)
    }
  }
  return [
    '# Configuration reference',
    '',
    'Every setting of every service, from the schemas that read them; `.env.example` has the same settings to copy. The environment comes first, then `.env`, then the',
    'default. A setting under "also" is the same one under another name; where both are given they must agree. A wrong or missing setting ends the start, and all wrong ones are named at',
    'once. The settings of the simulator are in its own README. Written by `node tools/launch/configuration-page.cjs`.',
    '',
    ...sections(readFileSync(join(root, '.env.example'), 'utf8')).flatMap((section) =>
      sectionLines(section, settings),
    ),
  ].join('\n')
}

/** What a schema part says of itself. */
function describe(z, part) {
  const json = z.toJSONSchema(part, { io: 'input', unrepresentable: 'any' })
  const isRequired = !part.safeParse(undefined).success
  return {
    kind: kindOf(json),
    fallback: json.default === undefined ? (isRequired ? 'required' : '') : `\`${json.default}\``,
    aliases: part.meta()?.aliases ?? [],
  }
}

function kindOf(json) {
  if (Array.isArray(json.enum)) return json.enum.map((word) => `\`${word}\``).join(', ')
  if (json.type === 'integer' || json.type === 'number') {
    const words = json.type === 'integer' ? 'whole number' : 'number'
    return json.minimum === undefined ? words : `${words}, ${json.minimum} to ${json.maximum}`
  }
  if (json.format === 'uri') return 'URL'
  return 'text'
}

/** `.env.example` in parts: a heading, then settings with the comment lines above each. */
function sections(text) {
  const found = []
  let words = []
  for (const line of text.split('\n')) {
    const heading = /^# ── (.+?) ─+$/.exec(line)
    const setting = /^#?([A-Z][A-Z0-9_]+)=/.exec(line)
    if (heading) found.push({ title: heading[1], entries: [] })
    if (heading || line.trim() === '') words = []
    else if (setting) {
      const entries = found.at(-1)?.entries ?? []
      // Settings that stand together share the words above the first.
      entries.push({
        name: setting[1],
        words: words.length === 0 ? (entries.at(-1)?.words ?? '') : words.join(' '),
      })
      words = []
    } else if (line.startsWith('# ')) words.push(line.slice(2))
  }
  return found
}

function sectionLines({ title, entries }, settings) {
  const rows = entries.flatMap(({ name, words }) => {
    const setting = settings.get(name)
    if (setting === undefined) return []
    const also = setting.aliases.length === 0 ? '' : ` Also \`${setting.aliases.join('`, `')}\`.`
    const services = setting.services.length === 6 ? 'all' : setting.services.join(', ')
    return [`| \`${name}\` | ${setting.kind} | ${setting.fallback} | ${services} | ${cell(words)}${also} |`]
  })
  if (rows.length === 0) return []
  return [
    `## ${title}`,
    '',
    '| Setting | Values | Default | Read by | Meaning |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ]
}

const cell = (text) => text.replaceAll('|', '\\|')

module.exports = { configurationPage, PAGE }

if (require.main === module) {
  const root = join(__dirname, '../..')
  writeFileSync(join(root, PAGE), configurationPage(root))
}
