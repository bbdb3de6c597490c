/** Variables the issuer needs to find AWS, the keychain, proxies and certificates; all others stay behind. */
const names: ReadonlySet<string> = new Set([
  "HOME",
  "USER",
  "LOGNAME",
  "PATH",
  "TMPDIR",
  "TZ",
  "LANG",
  "DBUS_SESSION_BUS_ADDRESS",
  "DISPLAY",
  "WAYLAND_DISPLAY",
  "CREDENTIALS_DIRECTORY",
  "XAUTHORITY",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
]);
const patterns: readonly RegExp[] = [/^AWS_/, /^XDG_/, /^LC_/, /^(https?|no|all)_proxy$/i];

/** The environment of the issuer: an allow-list of the agent's, so that NODE_OPTIONS and the like end here. */
export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const passed = Object.entries(env).filter(
    ([name]) => names.has(name) || patterns.some((pattern) => pattern.test(name)),
  );
  // The SDK's note on coming Node releases is for its developers: each start of the issuer would log it.
  return { ...Object.fromEntries(passed), AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
}
