import Diagnostics
import Formats
import TestSupport
import Testing

@Suite struct FirewallRoundTrips {
  @Test func everyCommentComesBack() throws {
    var hostile = HostileText(seed: 9)
    let comments = hostile.next(200).map { NftComment(sanitizing: $0) }
    let rules = comments.map { Nftables.Rule([.loopback], .accept, comment: $0) }
    let file = HostFile("/etc/test.nft", Nftables(sets: [], chains: [.init("input", rules: rules)]).render().text)
    let answer = try Room.judge([file], by: [Check(title: "answer", code: "nft -f /etc/test.nft; nft -j list table inet maasc; exit 1")])
    let list = try JSON(parsing: Array(try #require(answer.first).dropFirst("answer: ".count).utf8))
    #expect(list["nftables"]?.array?.compactMap { $0["rule"]?["comment"]?.string } == comments.map(\.description))
  }
}
