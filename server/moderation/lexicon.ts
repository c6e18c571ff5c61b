/** Words that mean the same to the rules, in the languages that agents are most often written to in. */

/** Each entry is a row of words; they are compared as plain text, so marks and case do not matter. */
export const lexicon: Readonly<Record<string, string>> = {
  ignore: `ignore disregard forget neglect unlearn
    ignoriere ignorieren ignoriert vergiss vergesst vergessen missachte missachten missachtet ignorez ignorer oublie oubliez oublier
    ignora ignorad olvida olvide olviden omite omita 忽略 无视 忽视 忘记 忘掉 игнорируй игнорируйте забудь забудьте`,
  previous: `previous prior earlier preceding above foregoing former past
    vorherigen vorigen bisherigen obigen früheren precedentes precedente anterieures anterieurs dessus
    anteriores previas previos arriba 之前 以上 先前 前面 上面 此前 предыдущие предыдущих прежние прежних выше прошлые`,
  instructions: `instruction instructions direction directions rule rules guideline guidelines prompt prompts order orders directive directives
    anweisungen anweisung vorgaben vorgabe regeln befehle instruktionen consignes règles directives
    instrucciones indicaciones reglas órdenes 指令 指示 规则 提示 提示词 命令 инструкции инструкций указания указаний правила`,
  everything: 'everything anything all whatever alles tout todo 一切 所有 全部 все всё',
  told: 'told said instructed asked',
  replace: 'replace replaces supersede supersedes override overrides',
  cancelled: 'cancelled canceled void obsolete revoked over withdrawn',
  follow: 'follow obey heed respect observe',
  not: "not don't never stop cease",
  dont: "don't never not nicht ne pas no 不要 не",
  show: `show print reveal output display repeat leak dump zeige zeig affiche affichez montre muestra mostrar 显示 输出 покажи покажите`,
  your: 'your deinen dein ihren ton votre tu 你的 您的 свой твой',
  system: 'system système sistema 系统 системный',
  prompt: 'prompt prompts message 提示词 提示 промпт',
  obey: 'obey listen gehorche gehorchst obéis obéissez obedece 听 слушай слушайся подчиняйся',
  me: 'me mir moi mí 我 我的 меня мне',
  only: 'only solely nur seulement sólo solo 只 только',
  send: `send upload post forward transmit email mail exfiltrate leak submit copy publish report
    sende senden schicke schick schicken übermittle übermitteln lade envoie envoyez envoyer transmets transmettez
    envía envíe envia manda mande sube 发送 上传 发给 传到 发到 отправь отправьте пришли пришлите загрузи`,
  secret: `secret secrets token tokens key keys apikey apikeys api_key password passwords passphrase credential credentials env environment netrc id_rsa id_ed25519 cookies
    schlüssel passwort passwörter passwörtern tokens zugangsdaten umgebungsvariablen clé clés jetons passe contraseñas contraseña claves clave
    密钥 密码 令牌 凭据 环境变量 ключ ключи пароль пароли токены`,
  address: 'http https ftp webhook @',
  read: 'read open cat print list',
  whole: 'whole full plain plaintext verbatim unredacted unmasked',
  person: `user users human humans operator operators person people owner admin manager boss reviewer supervisor maintainer maintainers anyone anybody nobody
    them him her benutzer nutzer utilisateur usuario 用户 пользователю`,
  tell: 'tell mention inform notify show reveal disclose warn alert say report let sage erzähle dis dites digas 告诉 говори сообщай',
  secretly: 'secret secrets hidden private confidential quiet hush',
  conceal: 'remove delete erase hide conceal cover clean wipe',
  trace: 'trace traces evidence log logs history track tracks',
  authority: `administrator admin developer developers anthropic openai google operator supervisor ceo cto boss owner management legal
    system security creator creators`,
  authorize: 'authorize authorise permit order command instruct allow authorized authorised',
  urgent: 'urgent emergency critical warning immediately asap urgently attention last',
  must: 'must need needs have demands demand requires shall',
  now: 'now immediately instantly once minutes seconds hours today asap',
  asking: `ask asking confirm confirmation confirming approval permission review waiting wait consent`,
  loss: 'fired lost sued shut fined terminated punished die lawsuit destroyed deleted otherwise consequences',
  without: 'without skip skipping no ohne sans sin 不 без',
  approve: 'approve accept allow grant confirm permit',
  commands:
    'command commands call calls request requests prompt prompts question questions action actions permission permissions approvals tool tools',
  every: 'all every each any everything pending',
  automatically: 'automatically always henceforth blindly silently',
  bypass: 'bypass skip circumvent evade ignore disable defeat',
  guard: `sandbox sandboxing hook hooks approvals approval permission permissions protection safeguards guardrails safety checks moderation screening audit
    restrictions firewall antivirus policy`,
  disable: 'disable deactivate turn switch remove unset suppress',
  deletes: 'delete remove erase drop comment destroy wipe lösche supprime supprimez borra 删除 удали удалите',
  tests: 'tests test specs backups backup repository repo verzeichnis dépôt repositorio 仓库 репозиторий',
  force: 'force force_push f forced',
  main: 'main master trunk release production',
  pipeline: 'ci pipeline workflow workflows yml',
  memory: 'claude agents gemini cursorrules memory memories copilot windsurfrules',
  keep: 'add append write insert save copy put store record include',
  remember: 'remember memorize memorise save store keep note',
  forever: 'forever permanently always future later every henceforth',
  pass: 'forward send pass relay spread distribute repeat copy broadcast propagate',
  others: 'agents agent contacts colleagues teammates everyone peers channel',
  message: 'message messages text instruction instructions prompt paragraph sentence line note this',
  execute: 'call execute run invoke use',
  tool: 'tool function bash shell run_command',
};
