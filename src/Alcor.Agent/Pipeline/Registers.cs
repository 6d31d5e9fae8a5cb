using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>What the registers of a packet mean on its way through the tables; they start as zero.</summary>
internal static class Registers
{
    /// <summary>The network that the packet is in, by <see cref="NetworkNumbers"/>.</summary>
    public const int Network = 0;

    /// <summary>
    /// Where it came from: <see cref="FromPort"/> or <see cref="FromOutside"/>; whether it was <see cref="Routed"/>;
    /// and what was <see cref="Measured"/> of it.
    /// </summary>
    public const int Origin = 1;

    /// <summary>How many parts of a long flood list are done.</summary>
    public const int FloodPart = 2;

    /// <summary>
    /// The <see cref="PortKey"/> of the port that sent it, if that is of this host; its connections are in the zone of
    /// this number.
    /// </summary>
    public const int SourcePort = 3;

    /// <summary>
    /// The <see cref="PortKey"/> of the port that it is for, whose connections are in the zone of this number; of what
    /// leaves the host the OpenFlow port.
    /// </summary>
    public const int TargetPort = 4;

    /// <summary>From which side security groups look at it: one of <see cref="Pipeline.View"/>.</summary>
    public const int View = 5;

    /// <summary>Between router and next hop: the MTU of the network that the packet may be too large for.</summary>
    public const int Mtu = 5;

    /// <summary>The IPv4 address that a routed packet goes to next.</summary>
    public const int NextHop = 6;

    /// <summary>1: a security group allows the packet.</summary>
    public const int Verdict = 7;

    /// <summary>
    /// Double-extended, registers 8 to 11: the id of the security group or the network ACL that is asked, or of the
    /// router that a packet is at.
    /// </summary>
    public const int SecurityGroup = 2;

    /// <inheritdoc cref="SecurityGroup"/>
    public const int NetworkAcl = 2;

    /// <inheritdoc cref="SecurityGroup"/>
    public const int Router = 2;

    /// <summary>
    /// Double-extended, registers 12 to 15: the id of the remote group or address group that the other end is in, 0 is
    /// for rules that name none; while it is routed, the IPv6 address that a packet goes to next.
    /// </summary>
    public const int Remote = 3;

    public const uint FromPort = 1;
    public const uint FromOutside = 2;

    /// <summary>A bit of <see cref="Origin"/>: a router of this host has forwarded it.</summary>
    public const uint Routed = 4;

    /// <summary>A bit of <see cref="Origin"/>: it is larger than <see cref="Mtu"/>.</summary>
    public const uint TooLarge = 8;

    /// <summary>A bit of <see cref="Origin"/>: whether it is, has been found out already.</summary>
    public const uint Measured = 16;

    public const uint Allowed = 1;

    /// <summary>What makes a packet one for the port that sent it; it may leave where it came from.</summary>
    public static readonly IReadOnlyList<FlowAction> Return =
    [
        new FlowAction.Move(Field.Register(SourcePort).Whole, Field.Register(TargetPort).Whole),
        new FlowAction.Load(Field.InPort16.Whole, 0),
    ];

    /// <summary>What a port sends.</summary>
    public static Match From(uint key) => Match.Empty.Register(SourcePort, key);

    /// <summary>What is for a port.</summary>
    public static Match To(uint key) => Match.Empty.Register(TargetPort, key);

    public static FlowAction Load(int register, uint value) =>
        new FlowAction.Load(Field.Register(register).Whole, value);
}
