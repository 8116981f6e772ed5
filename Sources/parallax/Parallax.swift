private import ParallaxImaging

@main
struct Parallax {
  static func main() {
    if CommandLine.arguments.dropFirst().first == DecodeWorker.argument { DecodeWorker.main() }
  }
}
