/** Words that mean the same to the rules, in the languages that agents are most often written to in. */

/** Each entry is a row of words; they are compared as plain text, so marks, case and apostrophes do not matter. */
export const lexicon: Readonly<Record<string, string>> = {
  ignore: `ignore disregard forget neglect unlearn discard abandon
    ignoriere ignorieren ignoriert vergiss vergesst vergessen missachte missachten missachtet verwirf
    ignorez ignorer oublie oubliez oublier ignora ignorad olvida olvide olviden omite omita descarta
    忽略 无视 忽视 忘记 忘掉 игнорируй игнорируйте забудь забудьте`,
  previous: `previous previously prior earlier preceding above foregoing
    vorherigen vorigen bisherigen obigen früheren précédentes précédente antérieures antérieur dessus
    anteriores previas previos arriba 之前 以上 先前 前面 上面 此前 предыдущие предыдущих прежние прежних выше`,
  older: 'former past initial original old existing current alten anciennes antiguas 原来 старые',
  instructions: `instruction instructions direction directions rule rules guideline guidelines guidance prompt prompts order orders directive
    directives constraint constraints restriction restrictions policy policies brief briefing programming training
    anweisungen anweisung vorgaben vorgabe regeln befehle instruktionen consignes règles directives
    instrucciones indicaciones reglas órdenes 指令 指示 规则 提示 提示词 命令 要求 инструкции инструкций указания указаний правила`,
  everything: 'everything anything all whatever alles tout todo 一切 所有 全部 все всё',
  told: 'told said instructed asked given taught',
  replace: 'replace replaces supersede supersedes override overrides overwrite overwrites',
  void: 'void invalid outdated obsolete cancelled canceled superseded revoked withdrawn suspended lifted expired hinfällig ungültig annulé 作废 无效',
  follow: 'follow obey heed respect observe trust',
  real: 'real actual true sole',
  task: 'task tasks job assignment goal purpose mission objective',
  not: "not don't never stop cease",
  dont: `don't never nicht 不要 别 не`,
  show: `show print reveal output display repeat leak dump quote recite tell zeige zeig nenne affiche affichez montre muestra mostrar
    显示 输出 покажи покажите`,
  your: 'your deinen deine dein ihren ihre ton ta votre tu tus 你的 您的 свой твой твои',
  system: 'system système sistema 系统 системный hidden initial',
  prompt: 'prompt prompts message instructions 提示词 提示 промпт',
  obey: 'obey listen gehorche gehorchst obéis obéissez obedece 听 听从 слушай слушайся подчиняйся',
  me: 'me mir moi mí 我 我的 меня мне',
  only: 'only solely exclusively nur seulement sólo solo 只 только',
  send: `send upload post forward transmit email mail exfiltrate leak submit copy publish paste attach
    sende senden schicke schick schicken übermittle übermitteln lade envoie envoyez envoyer transmets transmettez
    envía envíe envia manda mande sube 发送 上传 发给 传到 发到 отправь отправьте пришли пришлите загрузи`,
  secret: `secret secrets token tokens key keys apikey apikeys api_key password passwords passphrase credential credentials env environment netrc
    id_rsa id_ed25519 cookies anthropic_api_key openai_api_key github_token aws_secret_access_key
    schlüssel passwort passwörter passwörtern zugangsdaten umgebungsvariablen clé clés jetons passe contraseñas contraseña claves clave
    密钥 密码 令牌 凭据 环境变量 ключ ключи пароль пароли токены`,
  address: 'http:// https:// ftp:// @ webhook pastebin',
  read: 'read open cat print list take grab collect find',
  whole: 'whole full plain plaintext verbatim unredacted unmasked cleartext',
  person: `user users human humans operator operators person people owner admin manager boss reviewer reviewers supervisor maintainer maintainers
    anyone anybody nobody someone them him her team benutzer nutzer chef utilisateur usuario nadie 用户 пользователю`,
  tell: 'tell mention inform notify disclose warn alert sage erzähle 告诉 говори сообщай',
  secretly: 'secret secrets hidden private confidential quiet hush',
  conceal: 'remove delete erase hide conceal cover clean wipe',
  trace: 'trace traces evidence history tracks',
  notice: 'notice notices know knows learn learns see sees find finds realize realise suspect knowing noticing',
  authority: `administrator admin developer developers anthropic openai google operator supervisor ceo cto boss owner management legal
    system security creator creators superior`,
  authorize: 'authorize authorise permit order command instruct allow entitle',
  special: 'developer maintenance god admin root unrestricted unlimited jailbroken override unfiltered',
  urgent: 'urgent urgently emergency critical immediately asap attention last quick hurry',
  must: 'must need needs have demands demand requires shall',
  now: 'now immediately instantly once minutes minute seconds hours today asap',
  asking: 'ask asking confirm confirmation confirming approval permission review reviewing waiting wait consent checking',
  loss: 'fired lost lose sued shut fined terminated punished die lawsuit destroyed deleted',
  without: 'without skip skipping ohne sans sin 不 без',
  asks: 'ask asking confirm confirmation confirming approval permission consent',
  approve: 'approve accept allow grant confirm permit',
  commands: `command commands call calls request requests prompt prompts question questions action actions permission permissions approvals
    dialog dialogs`,
  programs: 'tool tools command commands permission permissions approvals',
  every: 'all every each any everything pending',
  automatically: 'automatically always henceforth blindly silently yourself',
  bypass: 'bypass circumvent evade disable defeat escape',
  guard: `sandbox sandboxing approvals approval permissions protection protections safeguards guardrails safety moderation screening
    restrictions firewall antivirus`,
  checks: 'checks hooks hook scanning scanner lint review audit',
  disable: 'disable deactivate suspend',
  turn: 'turn switch',
  deletes: 'delete remove erase drop destroy wipe purge lösche lösch supprime supprimez borra 删除 удали удалите',
  tests: 'tests test specs backups backup',
  stores: 'files tables database databases repository branches backups home repo verzeichnis dépôt repositorio 仓库 репозиторий',
  main: 'main master trunk release production',
  pipeline: 'ci pipeline workflow workflows yml yaml',
  memory: 'claude agents gemini cursorrules memory memories copilot windsurfrules',
  keep: 'add append write insert save copy put store record include',
  always: 'forever permanently always henceforth',
  pass: 'forward send pass relay spread distribute repeat copy broadcast propagate',
  others: 'agents contacts colleagues teammates everyone everybody peers',
  message: 'message messages text instruction instructions prompt paragraph sentence line note',
  include: 'include append add paste attach repeat insert forward',
  execute: 'call execute run invoke use',
  tool: 'tool function bash shell run_command',
};
