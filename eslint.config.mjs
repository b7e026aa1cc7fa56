import nx from '@nx/eslint-plugin'
import tseslint from 'typescript-eslint'

/** Who may import whom: ARCHITECTURE.md, "Import law". A room that is not listed on the left may import nothing of ours. */
const MAY_IMPORT = {
  contracts: [],
  runtime: ['contracts'],
  bus: ['contracts'],
  http: ['contracts'],
  xts: ['contracts', 'http'],
  persistence: ['contracts'],
  instruments: ['contracts', 'bus', 'runtime'],
  access: ['contracts', 'bus'],
  'auth-service': ['contracts', 'runtime', 'bus', 'http', 'xts', 'persistence', 'instruments', 'access'],
  'order-execution': ['contracts', 'runtime', 'bus', 'http', 'xts', 'persistence', 'instruments', 'access'],
  'master-contract': ['contracts', 'runtime', 'bus', 'http', 'xts', 'persistence', 'instruments', 'access'],
  'streaming-adapter': ['contracts', 'runtime', 'bus', 'http', 'xts', 'instruments', 'access'],
  'ws-proxy': ['contracts', 'runtime', 'bus', 'instruments', 'access'],
  gateway: ['contracts', 'runtime', 'bus', 'instruments', 'access'],
  'xts-simulator': [],
  launch: ['contracts', 'runtime'],
  cli: ['contracts', 'runtime', 'persistence', 'clients'],
  clients: ['contracts'],
  test: ['*'],
  bench: ['*'],
}

/** Packages that do I/O, and the only rooms that may import each; test and bench may import all. */
const PACKAGE_OWNERS = {
  zeromq: ['bus', 'clients'],
  undici: ['http'],
  opossum: ['http'],
  'socket.io-client': ['xts'],
  'socket.io-client-v4': ['xts'],
  typeorm: ['persistence'],
  sqlite3: ['persistence'],
  ws: ['ws-proxy'],
  winston: ['runtime'],
  'prom-client': ['runtime'],
  'socket.io': ['xts-simulator'],
}

const ROOM_FOLDERS = {
  'auth-service': 'apps/auth-service',
  'order-execution': 'apps/order-execution',
  'master-contract': 'apps/master-contract',
  'streaming-adapter': 'apps/streaming-adapter',
  'ws-proxy': 'apps/ws-proxy',
  gateway: 'apps/gateway',
  'xts-simulator': 'tools/xts-simulator',
  launch: 'tools/launch',
  cli: 'tools/cli',
  clients: 'clients',
}

const folderOf = (room) => ROOM_FOLDERS[room] ?? `libs/${room}`

const depConstraints = Object.entries(MAY_IMPORT).map(([room, allowed]) => ({
  sourceTag: `room:${room}`,
  onlyDependOnLibsWithTags: allowed.includes('*') ? ['*'] : allowed.map((name) => `room:${name}`),
}))

/** One block per room, because a later block replaces a rule's options instead of adding to them. */
const ownerBlocks = Object.keys(MAY_IMPORT)
  .filter((room) => room !== 'test' && room !== 'bench')
  .map((room) => ({
    files: [`${folderOf(room)}/**/*.ts`],
    ignores: ['**/*.spec.ts', '**/testing/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: Object.entries(PACKAGE_OWNERS)
            .filter(([, owners]) => !owners.includes(room))
            .map(([name, owners]) => ({
              name,
              message: `${name} belongs to ${owners.join(' and ')} alone.`,
            })),
        },
      ],
    },
  }))

/** Time and chance come in as ports in the order core and the bus. */
const PORT_ONLY = ['libs/bus/**/*.ts', 'apps/order-execution/**/*.ts']

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      'dist',
      '.nx',
      'data',
      'coverage',
      '**/*.js',
      '**/*.cjs',
      '**/*.mjs',
      '**/*.d.ts',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], banTransitiveDependencies: false, depConstraints },
      ],
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 60 }],
      'max-params': ['error', 4],
      'max-depth': ['error', 3],
      complexity: ['error', 12],
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Settings come from the config loader in libs/runtime.',
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  ...ownerBlocks,
  {
    files: PORT_ONLY,
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'setImmediate'],
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Settings come from the config loader in libs/runtime.',
        },
        { object: 'Date', property: 'now', message: 'Time comes in as the Clock port.' },
        { object: 'Math', property: 'random', message: 'Chance comes in as the Ids port.' },
      ],
    },
  },
  { files: ['libs/runtime/src/settings.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-globals': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['bench/**/*.ts', 'test/**/*.ts', 'clients/typescript/examples/**/*.ts'],
    rules: { 'no-console': 'off', 'no-restricted-properties': 'off' },
  },
)
