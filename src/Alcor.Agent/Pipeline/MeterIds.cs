namespace Alcor.Agent.Pipeline;

/// <summary>
/// The ids of meters: the key of whose traffic is counted, the direction, and what is counted. So a port has the same
/// meters whatever was there before, and another rate changes a meter in its place.
/// </summary>
public static class MeterIds
{
    /// <summary>
    /// The first key of what is outside, above those of ports, which have 14 bits. There are as many as ids: the
    /// userspace datapath of Open vSwitch has 2^18 meters, and that of Linux 200,000 at most.
    /// </summary>
    public const uint KeyOfOutside = PortKey.Max + 1;

    // 0 is no key.
    private const uint First = 1 << 2;
    private const uint Last = (1 << 18) - 1;

    /// <param name="key">Of a port, or of a port outside.</param>
    /// <param name="isEgress">What it sends, or what leaves by it; false: what is for it.</param>
    /// <param name="isPackets">Packets are counted; false: kilobits.</param>
    public static uint Of(uint key, bool isEgress, bool isPackets) =>
        key << 2 | (isEgress ? 2u : 0) | (isPackets ? 1u : 0);

    /// <summary>Meters have no cookies: those of other ids are an operator's or another program's.</summary>
    public static bool AreOurs(uint id) => id is >= First and <= Last;
}
