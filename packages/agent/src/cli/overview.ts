/** What `role-agent --help` prints. */
export const overview = `role-agent: ssh-agent, for AWS roles

usage: role-agent COMMAND [OPTION…]

  init               writes a config.toml from the AWS profiles found
  serve              the agent, in the foreground
  start stop reload  the agent in the background
  restart            the same agent by the program that is installed now; sessions stay
  status             sessions, time left, last error; --json, --watch
  roles              the roles and what each needs; --json, --profiles
  check [ROLE]       what is wrong, what to do, and which hardening is in force; --json
  credentials ROLE   prints credentials; --format process, env or json
  env ROLE           lines for sh, fish or PowerShell
  exec ROLE -- CMD   runs a command with credentials that are fresh for as long as it runs
  refresh ROLE       a new role session now
  mfa [ROLE] [CODE]  brings the one-time code of an MFA device
  keys add|list|remove NAME   long-term access keys in the OS keychain
  login [SESSION]    signs in to IAM Identity Center
  lock unlock        no credentials for anybody without a passphrase
  sandbox            an offline STS and IAM to try it with

Every command takes --help. Those that talk to an agent take --socket PATH, and those
that start one take --config FILE.

Try it without an AWS account:
  role-agent sandbox -- sh
`;
