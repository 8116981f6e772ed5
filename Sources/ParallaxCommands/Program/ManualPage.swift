internal import CommandLanguage
private import ParallaxCore

/// The manual page in roff, made of the same tables as `--help` and `help`.
enum ManualPage {
  static var text: String {
    var parts = [
      #".TH PARALLAX 1 "" "parallax \#(Version.current)" "User Commands""#,
      section("NAME", [#"parallax \- an interactive research workbench for image embeddings"#]),
      section(
        "SYNOPSIS",
        [
          #".B parallax"#,
          #"[\fIWORKSPACE\fR] [\fB\-c\fR \fICOMMANDS\fR | \fB\-f\fR \fIFILE\fR] [\fIoptions\fR]"#,
        ]),
      section(
        "DESCRIPTION",
        [
          escaped(
            "Keeps named collections of images, embeds them with models of several providers or local "
              + "ones, answers questions in words and by picture, and measures with statistics which of two "
              + "ways to embed or search is better on your own images."),
          ".PP",
          escaped(
            "Opens the prompt, or runs commands given with -c, in a file with -f, or on the standard "
              + "input when that is not a terminal. WORKSPACE is one file, made when it is missing; without "
              + "it the workspace is temporary and ends with the program."),
        ]),
      section(
        "OPTIONS",
        ProgramOption.all.flatMap { option in
          [".TP", names(of: option), escaped(option.help)]
        }),
    ]
    parts.append(
      section(
        "COMMANDS",
        [escaped("At the prompt, 'help VERB' explains a command with its options.")]
          + CommandRegistry.signatures.signatures.flatMap {
            [".TP", ".B \(escaped($0.verb))", escaped($0.summary)]
          }))
    parts.append(
      section(
        "EXIT STATUS",
        ExitCode.all.flatMap { [".TP", ".B \(escaped($0.label))", escaped($0.meaning)] }))
    parts.append(
      section(
        "ENVIRONMENT",
        [
          escaped(
            "Keys of providers come from the environment; 'describe model NAME' names the variable."
          )
        ]
          + Setting.all.flatMap { [".TP", ".B \(escaped($0.variable))", escaped($0.summary)] }))
    parts.append(
      section(
        "FILES",
        [
          ".TP", #".I $XDG_CONFIG_HOME/parallax/config.plx"#,
          escaped("'set' lines that are read at the start; in ~/.config without the variable"),
          ".TP", #".I $XDG_STATE_HOME/parallax/history"#,
          escaped("what was typed at the prompt; in ~/.local/state without the variable"),
        ]))
    parts.append(
      section(
        "EXAMPLES",
        [
          ".nf",
          escaped(
            "parallax photos.parallax -c 'create collection photos; ingest photos ./images; embed photos'"
          ),
          escaped(
            "parallax photos.parallax --mode csv -c 'query photos --text \"red car\"' > hits.csv"),
          ".fi",
        ]))
    return parts.joined(separator: "\n") + "\n"
  }

  private static func section(_ name: String, _ lines: [String]) -> String {
    ([".SH \(name)"] + lines).joined(separator: "\n")
  }

  private static func names(of option: ProgramOption) -> String {
    let names = option.names.map { #"\fB\#(escaped($0))\fR"# }.joined(separator: ", ")
    return option.placeholder.isEmpty ? names : names + #" \fI\#(escaped(option.placeholder))\fR"#
  }

  /// As roff prints it: a line that begins with a dot or a quote would be a request.
  static func escaped(_ text: String) -> String {
    let escaped = text.replacing(#"\"#, with: #"\e"#).replacing("-", with: #"\-"#)
      .replacing("'", with: #"\(aq"#).replacing("…", with: "...").replacing("×", with: #"\(mu"#)
    return escaped.hasPrefix(".") ? #"\&"# + escaped : escaped
  }
}
