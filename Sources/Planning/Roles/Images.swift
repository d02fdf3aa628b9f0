import Diagnostics
import Formats
import Topology

/// Boot images: a new machine can only be deployed with what every region holds.
package enum ImagesRole {
  package static func plan(_ builder: inout PlanBuilder) {
    let topology = builder.topology
    guard topology.level(of: .maas) == .full, topology.level(of: .networks) == .full, let region = topology.regions.first else { return }
    let session = APISession(builder)
    let complete: Shell = "\(session.login)\nimages_complete"
    let apply: Shell = """
      \(session.login)
      maas_api boot-resources import >/dev/null
      wait_until 7200 'the images are not complete on all regions' images_complete
      """
    builder.add(
      session.step(
        .images, "import", "Import the boot images to all regions", why: "MAAS publishes an image when the last region has it.",
        after: builder.after(.dhcp), check: complete, apply: apply, verify: complete,
        back: "none is needed: an image that is not wanted is deselected in MAAS", timeout: 7500,
        origin: region.span, builder), reaching: .images)
  }
}
