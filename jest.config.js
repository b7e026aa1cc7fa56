/** One transform cache for all projects: without the shared id each project would transform node_modules anew. */
const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: {
    '^.+\\.[tj]s$': [
      '@swc/jest',
      {
        module: { type: 'commonjs' },
        jsc: {
          target: 'es2023',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
        },
        sourceMaps: 'inline',
        swcrc: false,
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!@nestjs/)'],
  moduleNameMapper: {
    '^@xts-bridge/client$': '<rootDir>/clients/typescript/src/index.ts',
    '^@xts-bridge/(.*)$': '<rootDir>/libs/$1/src/index.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/data'],
  cacheDirectory: '<rootDir>/.jest-cache',
  restoreMocks: true,
}

module.exports = {
  projects: [
    {
      ...shared,
      id: 'shared',
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,tools,clients,bench}/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.int\\.spec\\.ts$'],
    },
    {
      ...shared,
      id: 'shared',
      displayName: 'integration',
      testMatch: ['<rootDir>/{apps,libs,tools,clients}/**/*.int.spec.ts'],
    },
    {
      ...shared,
      id: 'shared',
      displayName: 'flows',
      testMatch: ['<rootDir>/test/{flows,canary,conformance}/**/*.spec.ts'],
    },
    { ...shared, id: 'shared', displayName: 'long', testMatch: ['<rootDir>/test/long/**/*.spec.ts'] },
  ],
  testTimeout: 30_000,
}
