import tseslint from 'typescript-eslint'
import vue from 'eslint-plugin-vue'

const sources = ['**/*.ts', '**/*.vue']

export default tseslint.config(
  { ignores: ['dist', '.cache', 'node_modules', 'data', '**/*.mjs', '**/*.d.mts', 'eslint.config.js'] },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: sources })),
  ...vue.configs['flat/recommended'],
  {
    files: sources,
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        project: ['./tsconfig.json', './dashboard/web/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-params': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'off', // noUncheckedIndexedAccess makes it the plain word for "the index is in range"
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidOperator: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/require-await': 'off', // ports are asynchronous; an implementation may not need to wait
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off', // answers of our own API and sites checked at load are typed where they are read
    },
  },
  {
    files: ['**/*.vue'],
    rules: {
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/multi-word-component-names': 'off',
      // prettier owns the layout
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
    },
  },
)
