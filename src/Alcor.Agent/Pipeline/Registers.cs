using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>What the registers of a packet mean on its way through the tables; they start as zero.</summary>
internal static class Registers
{
    /// <summary>The segmentation id of the network that the packet is in.</summary>
    public const int Network = 0;

    /// <summary>Where it came from: <see cref="FromPort"/> or <see cref="FromTunnel"/>.</summary>
    public const int Origin = 1;

    /// <summary>How many parts of a long flood list are done.</summary>
    public const int FloodPart = 2;

    public const uint FromPort = 1;
    public const uint FromTunnel = 2;

    public static FlowAction Load(int register, uint value) =>
        new FlowAction.Load(Field.Register(register).Whole, value);
}
