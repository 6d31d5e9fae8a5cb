namespace Alcor.Agent.Pipeline;

/// <summary>
/// The ids of the meters of ports: the key of the port, the direction, and what is counted. So a port has the same
/// meters whatever was there before, and another rate changes a meter in its place.
/// </summary>
public static class MeterIds
{
    // Keys have 14 bits, and 0 is none.
    private const uint First = 1 << 2;
    private const uint Last = (1 << 16) - 1;

    /// <param name="key">Of the port: 1 to 16,383.</param>
    /// <param name="isEgress">What the port sends; false: what is for it.</param>
    /// <param name="isPackets">Packets are counted; false: kilobits.</param>
    public static uint Of(uint key, bool isEgress, bool isPackets) =>
        key << 2 | (isEgress ? 2u : 0) | (isPackets ? 1u : 0);

    /// <summary>Meters have no cookies: those of other ids are an operator's or another program's.</summary>
    public static bool AreOurs(uint id) => id is >= First and <= Last;
}
