import ParallaxSystem
import Testing

@Suite struct PathTextTests {
  @Test(arguments: [
    ("/a/./b//c/", "/a/b/c"), ("/a/../../b", "/b"), ("/", "/"), ("/..", "/"),
  ])
  func `a path is made plain by its words alone`(path: String, plain: String) {
    #expect(PathText.absolute(path) == plain)
  }

  @Test func `only a leading tilde names the home folder`() {
    #expect(PathText.expandingHome("a/~/b") == "a/~/b")
    #expect(PathText.expandingHome("~other/b") == "~other/b")
    #expect(PathText.expandingHome("~/b").hasSuffix("/b"))
    #expect(!PathText.expandingHome("~/b").hasPrefix("~"))
  }
}
