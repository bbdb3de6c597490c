/** Values that a shell would make something else of, were they not quoted well. */
export const difficultValues: readonly string[] = [
  "plain",
  "",
  "a'b''c",
  String.raw`back\slash \' \n end\ `,
  "$HOME ${x} $(touch /tmp/no) `id` !! % * ? ~ # ; & | < >",
  'double " quote',
  "line one\nline two\n",
  "\u2018curly\u2019 \u201A \u201B",
  "-n --help",
];
