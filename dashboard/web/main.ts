/** Opens the screens in the browser. */
import { createApp } from 'vue'
import App from './App.vue'
import { startLanguage } from './i18n/language.ts'
import { router } from './router.ts'
import './style/tokens.css'
import './style/base.css'

startLanguage()
createApp(App).use(router).mount('#app')
