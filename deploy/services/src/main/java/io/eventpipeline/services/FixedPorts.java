package io.eventpipeline.services;

/** Documented ports plus an offset. */
final class FixedPorts implements Ports {
  private static final int PORT_MAX = 65_535;

  private final int offset;
  private final FreePorts internal = new FreePorts();

  FixedPorts(int offset) {
    if (offset < 0 || offset > PORT_MAX) {
      throw new ServiceException("--port-offset must be in 0..65535, was " + offset);
    }
    this.offset = offset;
  }

  @Override
  public Reservation reserve(int usual) {
    if (usual == 0) {
      return internal.reserve(0);
    }
    int port = usual + offset;
    if (port > PORT_MAX) {
      throw new ServiceException(
          "--port-offset " + offset + " moves port " + usual + " past 65535");
    }
    return Reservation.of(port); // checked when its server starts
  }

  @Override
  public String advice() {
    return "stop what listens there, or move every port with --port-offset N";
  }
}
