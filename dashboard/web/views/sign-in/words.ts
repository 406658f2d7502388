/** Words of the sign-in page. */
import { defineWords } from '../../i18n/words.ts'

export const words = defineWords(
  {
    title: 'Estatewatch 小区值守',
    username: '用户名',
    password: '密码',
    signIn: '登录',
    signingIn: '登录中',
    wrong: '用户名或密码不对。两次都错，先看大小写和输入法。',
    wait: (left: string) => `错了 10 次，这个用户名在这台电脑上要等一等，最多 ${left}。别的用户名不受影响。`,
    retryNow: '现在可以再试',
    missing: '用户名和密码都要填',
    first: '第一次登录',
    firstUser: '用户名是',
    firstPassword: '，密码在服务器的文件 ',
    firstFile: 'DATA_DIR/admin-password',
    firstEnd: ' 里（没有设 DATA_DIR 时是 data/admin-password），启动时也打印过一次。自己设了 ADMIN_PASSWORD 的，就是那个。',
    language: 'English',
  },
  {
    title: 'Estatewatch',
    username: 'User name',
    password: 'Password',
    signIn: 'Sign in',
    signingIn: 'Signing in',
    wrong: 'User name or password is wrong. Wrong twice: look at capitals and the input method first.',
    wait: (left) => `10 failures: this user name has to wait on this computer, at most ${left}. Others are not held up.`,
    retryNow: 'You can try again now',
    missing: 'Both user name and password are needed',
    first: 'Signing in for the first time',
    firstUser: 'The user name is',
    firstPassword: '; the password is in the server’s file ',
    firstFile: 'DATA_DIR/admin-password',
    firstEnd:
      ' (data/admin-password unless DATA_DIR is set), and was printed once at the first start. If you set ADMIN_PASSWORD, it is that one.',
    language: '中文',
  },
)
