import ParallaxCore
import Testing

@testable import CommandLanguage

/// Every line that the manual promises to work.
@Suite struct ExampleLineTests {
  static let lines = [
    #"create collection photos --desc "Flickr night set""#,
    #"ingest photos ./images --glob "**/*.{jpg,png}" --meta metadata.csv --key filename"#,
    "embed photos --as base --model gemini-embedding-2 --task RETRIEVAL_DOCUMENT --dim 1536",
    "embed photos --as base --dry-run",
    "load photos ; list collections",
    "use photos@base",
    "query photos@base --image ./samples/cat.jpg --top 20",
    #"red = query photos@base --text "red car at night" --top 20"#,
    #"mix = query photos@base --text "at night"^0.7 --image ./car.jpg^0.3 "#
      + #"--not-text "people"^0.2 --top 20"#,
    #"query photos@base --text bridge --where "year >= 2020 and city in ('Paris', 'Rome')" "#
      + "--min-score 0.25",
    "query photos@base --like 00412 --top 10 --columns rank,id,score,caption",
    #"top = query photos@base --text "red car" --top 100 | rerank --model gemini-judge "#
      + #"--query "red sports car, rear view" --top 20"#,
    "dups = dedupe photos@base --min-score 0.97 --keep largest",
    "groups = cluster photos@base --method leader --min-score 0.8 --min-size 5",
    "gate photos@base ./incoming --max-score 0.95 --fail",
    "project photos@base --dim 1024,512,256",
    "dims = compare photos@base photos@base-512 photos@base-256 --queries queries.csv "
      + "--metric overlap@10,ndcg@10",
    "embed photos --as sim --model gemini-embedding-2 --task SEMANTIC_SIMILARITY --dim 1536",
    "tasks = compare photos@base photos@sim --queries queries.csv --qrels qrels.tsv "
      + "--metric ndcg@10,recall@10",
    "reembed photos@base --as v2 --model gemini-embedding-3 --resume",
    "moved = diff photos@base photos@v2 --queries queries.csv --top 10 --changed",
    "ev = eval photos@base photos@v2 --queries queries.csv --qrels qrels.tsv "
      + "--metric ndcg@10,recall@100,mrr --by city",
    "export ev --to out/eval.csv --replace",
    "let k = 50",
    #"query photos@base --text sunset --top $k | filter --min-score $thr "#
      + #"| export --to "$out/sunset.md" --columns rank,id,score"#,
    "set show.precision 4 ; show settings",
    "show red --columns rank,id,score --images --rows 5",
    "plot dims --x dim --y ndcg@10 --to dims.svg",
    "report ev --to report.html",
    "history --save night.plx 3..24",
    "run night.plx k=20 out=results",
    "check night.md --update",
    "unload photos",
    #"query photos@base --image "my photo^2.jpg"^0.5 --image my\ photo.jpg --image=a=b#c@d.jpg "#
      + #"--text '$5 "deal"'"#,
    #"query photos@base --text "кошка 猫 🐈" --text noise^-0.3 -- -strange-id"#,
  ]

  static let known = KnownNames(variables: ["k", "thr", "out"])
  static let values = ["k": "50", "thr": "0.2", "out": "my results"]

  @Test(arguments: lines)
  func `parses in a script, and so does its canonical form`(line: String) throws {
    let parser = Parser(Sample.registry, style: .script)
    let statements = try parser.parse(line, source: "x.plx", known: Self.known)
    let canonical = statements.map(\.canonical).joined(separator: " ; ")
    let again = try parser.parse(canonical, source: "x.plx", known: Self.known)
    #expect(again.map(\.canonical) == statements.map(\.canonical))
    for (first, second) in zip(statements, again) {
      func values(_ name: String) -> String? { Self.values[name] }
      let before = try first.pipeline.map { try $0.bound(variables: values) }
      let after = try second.pipeline.map { try $0.bound(variables: values) }
      #expect(before.map(Snapshot.init) == after.map(Snapshot.init))
    }
  }

  @Test func `all lines together are one script`() throws {
    let parser = Parser(Sample.registry, style: .script)
    let script = "version 1\n" + Self.lines.joined(separator: "\n")
    let statements = try parser.parse(script, source: "x.plx", known: Self.known)
    #expect(statements.count == Self.lines.count + 2)
  }

  @Test(arguments: [
    (
      #"query --text cat -k 5 photos@base"#, "query photos@base --text cat --top 5"
    ),
    (#"search photos --tex "red car"^.5"#, #"query photos --text "red car"^0.5"#),
    ("red=query photos --text a", "red = query photos --text a"),
    ("let k=50", "let k = 50"),
    ("let k =50", "let k = 50"),
    ("let k = a=b", "let k = a=b"),
    (#"query photos --image my\ photo.jpg"#, #"query photos --image "my photo.jpg""#),
    ("query photos --columns rank --columns id", "query photos --columns rank --columns id"),
    (#"query photos --text "a^2""#, #"query photos --text "a^2""#),
    (#"query photos --text a^2"#, "query photos --text a^2"),
    (#"query photos --text "\$5 $q.""#, #"query photos --text "\$5 $q.""#),
    (#"export red -o "$out/sunset.md""#, "export red --to $out/sunset.md"),
    (#"export red -o "${out}s/my file""#, #"export red --to "${out}s/my file""#),
    ("show red --no-images", "show red --no-images"),
    (#"check -- -odd.md"#, #"check "-odd.md""#),
    (#"query photos --text "--top""#, #"query photos --text "--top""#),
    (#"query photos --text=--top"#, #"query photos --text "--top""#),
    (#"query photos --text="#, ##"query photos --text """##),
    (#"query photos --columns "a,b",c,'d e'"#, #"query photos --columns a\,b,c,"d e""#),
    (#"query photos --columns 'a, b'"#, #"query photos --columns "a, b""#),
    (#"query photos --columns "a,$q""#, #"query photos --columns "a,$q""#),
    (#"query photos --columns "a\u{2}"\,b,c"#, #"query photos --columns "a\u{2}"\,b,c"#),
    ("ls collections", "list collections"),
    ("q", "quit"),
    ("quer photos --text 'it''s'", "query photos --text its"),
    (#"query photos --text "it's""#, #"query photos --text "it's""#),
    (#"query photos --text "a\nb""#, #"query photos --text "a\nb""#),
    (##"query photos --text \#"##, ##"query photos --text "#""##),
    ("query photos --text a#b", "query photos --text a#b"),
  ])
  func `by hand it forgives, and keeps the canonical form`(typed: String, canonical: String) throws
  {
    let statement = try #require(
      try Parser(Sample.registry, style: .interactive).parse(typed, source: "input 1").first)
    #expect(statement.canonical == canonical)
    let again = try Parser(Sample.registry, style: .interactive).parse(canonical, source: "again")
    #expect(again.map(\.canonical) == [canonical])
  }
}

/// What a command sees of its arguments, without positions.
struct Snapshot: Hashable, CustomStringConvertible {
  let description: String

  init(_ arguments: Arguments) {
    let options = arguments.signature.options.map { option in
      let weighted = arguments.weighted(option.name).map {
        "\($0.value.debugDescription)^\($0.weight)"
      }
      return
        "\(option.name)=\(arguments.flagIfGiven(option.name).map(String.init) ?? "-")\(weighted)"
        + "\(arguments.list(option.name))"
    }
    let objects = arguments.signature.objects.map { "\($0.name)=\(arguments.objects($0.name))" }
    description = ([arguments.verb] + objects + options).joined(separator: " ")
  }
}
