// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// A library and its test target: a module cannot exist without tests, and the
/// calls below read as the list of layers.
///
/// - Parameters:
///   - isOptimised: in debug builds too. What reads a model's files and the pixels of pictures and compares vectors is
///     several times as slow without, and most tests that drive the program wait for it.
///   - testsAreOptimised: likewise, for tests that make many vectors or pixels.
func module(
  _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [],
  fixtures: Bool = false, isOptimised: Bool = false, testsAreOptimised: Bool = false
) -> [Target] {
  let optimised = settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]
  return [
    .target(
      name: name, dependencies: dependencies, exclude: ["README.md"], resources: resources,
      swiftSettings: isOptimised ? optimised : settings),
    .testTarget(
      name: "\(name)Tests",
      dependencies: [.target(name: name), "ParallaxTestSupport"] + dependencies,
      exclude: fixtures ? ["Fixtures"] : [],
      swiftSettings: testsAreOptimised ? optimised : settings),
  ]
}

/// A C or C++ target whose code is optimised in every configuration, so that
/// debug builds stay usable on real data.
func native(
  _ name: String, link libraries: [String] = [], exclude: [String] = []
) -> Target {
  .target(
    name: name,
    exclude: exclude,
    cSettings: [.unsafeFlags(["-O3"])],
    cxxSettings: [.unsafeFlags(["-O2"])],
    linkerSettings: libraries.map { .linkedLibrary($0) })
}

var targets: [Target] = []

// Layer 0: C.
targets += [
  .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
  .systemLibrary(name: "CDigest", providers: [.apt(["libssl-dev", "libxxhash-dev"])]),
  .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
  native("CReadline", link: ["readline"]),
  native("CVips"),
  native("CChafa"),
  native("COnnxRuntime"),
  native("CSentencePiece", link: ["sentencepiece"]),
  native("CVectorKernels"),
  native("CVectorGraph"),
  native("CCurl"),
  native("CMicroHTTPD"),
  native("CPostgres"),
  // What is excluded needs OpenCV's headers: scripts/setup --geometry compiles it.
  native("CGeometry", exclude: ["opencv/shim.cpp"]),
  // What is excluded needs umappp's headers: scripts/setup --map compiles it.
  native("CUmap", exclude: ["umap/shim.cpp"]),
]

// Layer ½: Core, and System over it.
targets += module("ParallaxCore", isOptimised: true)
targets += module("ParallaxSystem", ["ParallaxCore"])

// Layer 1.
targets += module("ParallaxDigest", ["CDigest", "ParallaxCore", "ParallaxSystem"])
targets += module("ParallaxConditions", ["ParallaxCore"])
targets += module("ParallaxStatistics", ["ParallaxCore"], fixtures: true, isOptimised: true)
targets += module("ParallaxText", ["ParallaxCore"], isOptimised: true)

// Layer 2: these do not know one another.
targets += module(
  "ParallaxStorage",
  [
    "CSQLite", "ParallaxCore", "ParallaxSystem", "ParallaxDigest", "ParallaxConditions",
  ])
targets += module(
  "ParallaxIngest",
  ["CZlib", "ParallaxCore", "ParallaxSystem", "ParallaxDigest", "ParallaxText"], fixtures: true)
targets += module(
  "ParallaxImaging", ["CVips", "ParallaxCore", "ParallaxSystem", "ParallaxDigest"], fixtures: true,
  isOptimised: true)
targets += module(
  "ParallaxInference",
  ["COnnxRuntime", "CSentencePiece", "ParallaxCore", "ParallaxSystem", "ParallaxText"],
  fixtures: true, isOptimised: true)
targets += module(
  "ParallaxGeometry", ["CGeometry", "ParallaxCore", "ParallaxSystem"], fixtures: true,
  testsAreOptimised: true)
targets += module(
  "ParallaxLayout", ["CUmap", "ParallaxCore", "ParallaxSystem"], isOptimised: true)
targets += module(
  "ParallaxSearch",
  [
    "CVectorGraph", "CVectorKernels", "ParallaxCore", "ParallaxSystem", "ParallaxDigest",
    "ParallaxStatistics",
  ], fixtures: true, isOptimised: true, testsAreOptimised: true)
targets += module(
  "ParallaxEvaluation", ["ParallaxCore", "ParallaxText", "ParallaxStatistics"], fixtures: true)
targets += module(
  "ParallaxReporting",
  [
    "CChafa", "ParallaxCore", "ParallaxSystem", "ParallaxDigest", "ParallaxText",
    "ParallaxStatistics",
  ],
  fixtures: true)
targets += module(
  "ParallaxHTTP", ["CCurl", "ParallaxCore", "ParallaxSystem", "ParallaxDigest", "ParallaxText"])
targets += module(
  "ParallaxServer",
  ["CMicroHTTPD", "ParallaxCore", "ParallaxSystem", "ParallaxDigest", "ParallaxText"])
targets += module("CommandLanguage", ["ParallaxCore", "ParallaxConditions", "ParallaxText"])

// Layer 3.
targets += module(
  "ParallaxProviders",
  [
    "ParallaxCore", "ParallaxSystem", "ParallaxDigest", "ParallaxText", "ParallaxHTTP",
    "ParallaxImaging", "ParallaxInference", "ParallaxGeometry",
  ],
  resources: [
    .copy("Resources/mini"), .copy("Resources/mini-2"), .copy("Resources/mini-3"),
    .copy("Resources/mini-cross"),
  ])
targets += module(
  "ParallaxSources",
  [
    "ParallaxCore", "ParallaxSystem", "ParallaxDigest", "ParallaxText", "ParallaxHTTP",
    "ParallaxIngest",
  ], fixtures: true)

targets += module(
  "ParallaxPublishing",
  [
    "CPostgres", "ParallaxCore", "ParallaxSystem", "ParallaxDigest", "ParallaxText",
    "ParallaxConditions", "ParallaxHTTP",
  ], fixtures: true, isOptimised: true)

// Layer 4.
targets += module(
  "ParallaxWorkbench",
  [
    "ParallaxCore", "ParallaxSystem", "ParallaxDigest", "ParallaxText", "ParallaxConditions",
    "ParallaxStatistics", "ParallaxStorage", "ParallaxIngest", "ParallaxImaging", "ParallaxSearch",
    "ParallaxLayout", "ParallaxEvaluation", "ParallaxReporting", "ParallaxHTTP",
    "ParallaxProviders",
    "ParallaxPublishing", "ParallaxSources",
  ], fixtures: true)

// Layer 5: the service, and the commands over it.
targets += module(
  "ParallaxService",
  [
    "ParallaxCore", "ParallaxSystem", "ParallaxDigest", "ParallaxText", "ParallaxConditions",
    "ParallaxStatistics", "ParallaxStorage", "ParallaxLayout", "ParallaxReporting", "ParallaxHTTP",
    "ParallaxServer",
    "ParallaxWorkbench", "CommandLanguage",
  ],
  // In the program itself, which then needs no folder beside it to show its page.
  resources: [
    "page.css", "page.js", "upload.js", "scroll.js", "map.js", "map-colours.js", "judge.js",
    "groups.js", "icon.svg",
  ].map {
    .embedInCode("Page/Assets/\($0)")
  })
targets += module(
  "ParallaxCommands",
  [
    "ParallaxCore", "ParallaxSystem", "ParallaxDigest", "ParallaxText", "ParallaxConditions",
    "ParallaxStatistics", "ParallaxEvaluation",
    "ParallaxStorage", "ParallaxIngest", "ParallaxImaging", "ParallaxHTTP", "ParallaxInference",
    "ParallaxSearch", "ParallaxLayout", "ParallaxReporting", "ParallaxProviders",
    "ParallaxPublishing", "ParallaxSources",
    "ParallaxServer", "ParallaxWorkbench", "ParallaxService", "CommandLanguage",
  ])

// Measures layer 2's searches for Benchmarks/search.
targets.append(
  .executableTarget(
    name: "search-bench",
    dependencies: [
      "ParallaxCore", "ParallaxDigest", "ParallaxImaging", "ParallaxSearch", "ParallaxStorage",
      "ParallaxSystem",
    ],
    path: "Benchmarks/SearchBench", swiftSettings: settings))

// Layer 6, and what drives the built program in tests.
targets += [
  .executableTarget(
    name: "parallax",
    dependencies: [
      "CReadline", "ParallaxCore", "ParallaxSystem", "ParallaxImaging", "CommandLanguage",
      "ParallaxCommands",
    ],
    exclude: ["README.md"], swiftSettings: settings,
    // Foundation proper and its tables of languages are linked unasked and used by nothing: loading
    // them took a tenth of the start.
    linkerSettings: [.unsafeFlags(["-Xlinker", "--as-needed"], .when(platforms: [.linux]))]),
  .target(
    name: "ParallaxTestSupport", dependencies: ["ParallaxCore", "ParallaxText"],
    path: "Tests/ParallaxTestSupport",
    exclude: ["Servers"],
    swiftSettings: settings),
  .testTarget(
    name: "EndToEndTests", dependencies: ["parallax", "ParallaxCore", "ParallaxTestSupport"],
    exclude: ["Fixtures"],
    swiftSettings: settings),
]

// One folder, two uses: tests that replay what fuzzing found, and the program of scripts/fuzz that finds
// it, which libFuzzer gives its main function.
let fuzzed: [Target.Dependency] = [
  "ParallaxCore", "ParallaxSystem", "ParallaxText", "ParallaxConditions", "ParallaxIngest",
  "ParallaxInference", "ParallaxEvaluation", "ParallaxReporting", "ParallaxHTTP",
  "CommandLanguage", "ParallaxProviders", "ParallaxPublishing", "ParallaxSources",
  "ParallaxCommands", "ParallaxServer", "ParallaxService", "ParallaxTestSupport",
]
let fuzzTests = (path: "Tests/FuzzTests", data: ["Corpus", "Dictionaries"])
targets.append(
  Context.environment["PARALLAX_FUZZ"] == nil
    ? .testTarget(
      name: "FuzzTests", dependencies: fuzzed, path: fuzzTests.path,
      exclude: fuzzTests.data + ["Fuzzer.swift"], swiftSettings: settings)
    : .executableTarget(
      name: "fuzz", dependencies: fuzzed, path: fuzzTests.path,
      exclude: fuzzTests.data + ["ReplayTests.swift"], swiftSettings: settings))

let package = Package(
  name: "Parallax",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "parallax", targets: ["parallax"])],
  targets: targets,
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17,
  cxxLanguageStandard: .cxx17
)
