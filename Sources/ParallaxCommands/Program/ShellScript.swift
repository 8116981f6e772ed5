/// What completes the program's own arguments in a person's shell.
enum ShellScript: String, CaseIterable {
  case bash, zsh, fish

  static let names = allCases.map(\.rawValue)

  /// To be read by the shell, as its manual says.
  var text: String {
    switch self {
    case .bash: Self.bashText
    case .zsh: Self.zshText
    case .fish: Self.fishText
    }
  }

  private static let options = ProgramOption.all

  // MARK: - bash

  private static var bashText: String {
    let cases = options.compactMap { option -> String? in
      guard let completion = option.completion else { return nil }
      let reply =
        switch completion {
        case .words(let words):
          "COMPREPLY=($(compgen -W '\(words.joined(separator: " "))' -- \"$word\"))"
        case .file(let endings):
          "COMPREPLY=("
            + endings.map { "$(compgen -f -X '!*.\($0)' -- \"$word\") " }.joined()
            + "$(compgen -d -- \"$word\"))"
        case .nothing: "COMPREPLY=()"
        }
      return "    \(option.names.joined(separator: "|"))) \(reply); return ;;"
    }
    return """
      # Completes the arguments of parallax in bash; 'parallax --completions bash' writes it.
      _parallax() {
        local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD - 1]}"
        if [ "$word" = = ]; then word= ; fi
        if [ "$before" = = ]; then before="${COMP_WORDS[COMP_CWORD - 2]}"; fi
        case "$before" in
      \(cases.joined(separator: "\n"))
        esac
        case "$word" in
          -*) COMPREPLY=($(compgen -W '\(options.flatMap(\.names).joined(separator: " "))' -- "$word")) ;;
          *) COMPREPLY=($(compgen -f -X '!*.parallax' -- "$word") $(compgen -d -- "$word")) ;;
        esac
      }
      complete -o filenames -F _parallax parallax

      """
  }

  // MARK: - zsh

  private static var zshText: String {
    let specs = options.map { option -> String in
      let help = option.help.replacing("[", with: "\\[").replacing("]", with: "\\]")
        .replacing("'", with: "'\\''")
      let value: String =
        switch option.completion {
        case nil: ""
        case .words(let words):
          ":\(option.placeholder.lowercased()):(\(words.joined(separator: " ")))"
        case .file(let endings):
          ":\(option.placeholder.lowercased()):_files -g '\\''*.(\(endings.joined(separator: "|")))'\\''"
        case .nothing: ":\(option.placeholder.lowercased()):"
        }
      return option.names.map { "    '\($0)[\(help)]\(value)'" }.joined(separator: " \\\n")
    }
    return """
      #compdef parallax
      # Completes the arguments of parallax in zsh; 'parallax --completions zsh' writes it.
      _arguments \\
      \(specs.joined(separator: " \\\n")) \\
          '1:workspace:_files -g '\\''*.parallax'\\'''

      """
  }

  // MARK: - fish

  private static var fishText: String {
    let lines = options.map { option -> String in
      let names = option.names.map { name in
        name.hasPrefix("--") ? "-l \(name.dropFirst(2))" : "-s \(name.dropFirst())"
      }
      let value: String =
        switch option.completion {
        case nil: ""
        case .words(let words): " -x -a '\(words.joined(separator: " "))'"
        case .file(let endings):
          " -x -a '\(endings.map { "(__fish_complete_suffix .\($0))" }.joined(separator: " "))'"
        case .nothing: " -x"
        }
      let help = option.help.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
      return "complete -c parallax \(names.joined(separator: " "))\(value) -d '\(help)'"
    }
    return """
      # Completes the arguments of parallax in fish; 'parallax --completions fish' writes it.
      complete -c parallax -f -a '(__fish_complete_suffix .parallax)'
      \(lines.joined(separator: "\n"))

      """
  }
}
