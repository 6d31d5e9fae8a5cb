namespace Alcor.OpenFlow;

public sealed partial class Match
{
    /// <summary>OFPVID_PRESENT: the bit of vlan_vid that says the packet has a tag.</summary>
    public const ushort VlanPresent = 0x1000;

    public Match InPort(uint port) => With(Field.InPort, port);

    public Match Metadata(ulong value, ulong mask = ulong.MaxValue) => With(Field.Metadata, value, mask);

    public Match TunnelId(ulong id, ulong mask = ulong.MaxValue) => With(Field.TunnelId, id, mask);

    public Match TunnelSource(Ipv4Address address, int prefix = 32) =>
        With(Field.TunnelSource, address.Value, Ipv4Address.Mask(prefix).Value);

    public Match TunnelDestination(Ipv4Address address, int prefix = 32) =>
        With(Field.TunnelDestination, address.Value, Ipv4Address.Mask(prefix).Value);

    /// <summary>Register 0 to 15.</summary>
    public Match Register(int number, uint value, uint mask = uint.MaxValue) =>
        With(Field.Register(number), value, mask);

    /// <summary>Extended register n is register 2n (high half) and register 2n + 1 (low half).</summary>
    public Match ExtendedRegister(int number, ulong value, ulong mask = ulong.MaxValue) => this
        .Register(2 * number, (uint)(value >> 32), (uint)(mask >> 32))
        .Register(2 * number + 1, (uint)value, (uint)mask);

    /// <summary>
    /// Double-extended register n is the registers 4n (most significant) to 4n + 3, and the match is one on those.
    /// </summary>
    public Match DoubleExtendedRegister(int number, UInt128 value) =>
        With(Field.DoubleExtendedRegister(number), value);

    public Match DoubleExtendedRegister(int number, UInt128 value, UInt128 mask) =>
        With(Field.DoubleExtendedRegister(number), value, mask);

    public Match PacketMark(uint value, uint mask = uint.MaxValue) => With(Field.PacketMark, value, mask);

    public Match ConjunctionId(uint id) => With(Field.ConjunctionId, id);

    public Match CtState(CtState set, CtState mask) => With(Field.CtState, (uint)set, (uint)mask);

    public Match CtZone(ushort zone) => With(Field.CtZone, zone);

    public Match CtMark(uint value, uint mask = uint.MaxValue) => With(Field.CtMark, value, mask);

    public Match CtLabel(UInt128 value, UInt128 mask) => With(Field.CtLabel, value, mask);

    /// <summary>The protocol of the packet that began the connection; this and the next as it was sent.</summary>
    public Match CtProto(byte protocol) => With(Field.CtProto, protocol);

    public Match CtIpv4Src(Ipv4Address address, int prefix = 32) =>
        With(Field.CtIpv4Src, address.Value, Ipv4Address.Mask(prefix).Value);

    public Match CtIpv4Dst(Ipv4Address address, int prefix = 32) =>
        With(Field.CtIpv4Dst, address.Value, Ipv4Address.Mask(prefix).Value);

    public Match CtIpv6Src(Ipv6Address address, int prefix = 128) =>
        With(Field.CtIpv6Src, address.Value, Ipv6Address.Mask(prefix).Value);

    public Match CtIpv6Dst(Ipv6Address address, int prefix = 128) =>
        With(Field.CtIpv6Dst, address.Value, Ipv6Address.Mask(prefix).Value);

    /// <summary>Only beside <see cref="CtProto"/>: without it the switch silently forgets the port.</summary>
    public Match CtPortSrc(ushort port, ushort mask = ushort.MaxValue) => With(Field.CtPortSrc, port, mask);

    /// <inheritdoc cref="CtPortSrc"/>
    public Match CtPortDst(ushort port, ushort mask = ushort.MaxValue) => With(Field.CtPortDst, port, mask);

    public Match EthDst(MacAddress address, MacAddress? mask = null) =>
        With(Field.EthDst, address.Value, (mask ?? MacAddress.Broadcast).Value);

    public Match EthSrc(MacAddress address, MacAddress? mask = null) =>
        With(Field.EthSrc, address.Value, (mask ?? MacAddress.Broadcast).Value);

    public Match EthType(ushort type) => With(Field.EthType, type);

    /// <summary>A packet with a tag whose identifier is <paramref name="id"/>.</summary>
    public Match VlanVid(ushort id) => With(Field.VlanVid, (UInt128)(id | VlanPresent));

    /// <summary>A packet with any tag.</summary>
    public Match VlanTagged() => With(Field.VlanVid, VlanPresent, VlanPresent);

    /// <summary>A packet without a tag.</summary>
    public Match VlanUntagged() => With(Field.VlanVid, 0);

    public Match VlanPcp(byte priority) => With(Field.VlanPcp, priority);

    public Match IpProto(byte protocol) => With(Field.IpProto, protocol);

    public Match IpDscp(byte codePoint) => With(Field.IpDscp, codePoint);

    public Match IpTtl(byte ttl) => With(Field.IpTtl, ttl);

    public Match NwFragment(NwFragment kind) => kind switch
    {
        OpenFlow.NwFragment.Yes => With(Field.IpFragment, 1, 1),
        OpenFlow.NwFragment.NotLater => With(Field.IpFragment, 0, 2),
        OpenFlow.NwFragment.First => With(Field.IpFragment, 1),
        OpenFlow.NwFragment.Later => With(Field.IpFragment, 3),
        _ => With(Field.IpFragment, 0),
    };

    public Match Ipv4Src(Ipv4Address address, int prefix = 32) =>
        With(Field.Ipv4Src, address.Value, Ipv4Address.Mask(prefix).Value);

    public Match Ipv4Dst(Ipv4Address address, int prefix = 32) =>
        With(Field.Ipv4Dst, address.Value, Ipv4Address.Mask(prefix).Value);

    public Match Ipv6Src(Ipv6Address address, int prefix = 128) =>
        With(Field.Ipv6Src, address.Value, Ipv6Address.Mask(prefix).Value);

    public Match Ipv6Dst(Ipv6Address address, int prefix = 128) =>
        With(Field.Ipv6Dst, address.Value, Ipv6Address.Mask(prefix).Value);

    public Match TcpSrc(ushort port, ushort mask = ushort.MaxValue) => With(Field.TcpSrc, port, mask);

    public Match TcpDst(ushort port, ushort mask = ushort.MaxValue) => With(Field.TcpDst, port, mask);

    public Match TcpFlags(ushort set, ushort mask = 0xfff) => With(Field.TcpFlags, set, mask);

    public Match UdpSrc(ushort port, ushort mask = ushort.MaxValue) => With(Field.UdpSrc, port, mask);

    public Match UdpDst(ushort port, ushort mask = ushort.MaxValue) => With(Field.UdpDst, port, mask);

    public Match SctpSrc(ushort port, ushort mask = ushort.MaxValue) => With(Field.SctpSrc, port, mask);

    public Match SctpDst(ushort port, ushort mask = ushort.MaxValue) => With(Field.SctpDst, port, mask);

    public Match Icmpv4Type(byte type) => With(Field.Icmpv4Type, type);

    public Match Icmpv4Code(byte code) => With(Field.Icmpv4Code, code);

    public Match Icmpv6Type(byte type) => With(Field.Icmpv6Type, type);

    public Match Icmpv6Code(byte code) => With(Field.Icmpv6Code, code);

    /// <summary>1 is a request, 2 a reply.</summary>
    public Match ArpOp(ushort operation) => With(Field.ArpOp, operation);

    public Match ArpSourceProtocolAddress(Ipv4Address address, int prefix = 32) =>
        With(Field.ArpSpa, address.Value, Ipv4Address.Mask(prefix).Value);

    public Match ArpTargetProtocolAddress(Ipv4Address address, int prefix = 32) =>
        With(Field.ArpTpa, address.Value, Ipv4Address.Mask(prefix).Value);

    public Match ArpSourceHardwareAddress(MacAddress address) => With(Field.ArpSha, address.Value);

    public Match ArpTargetHardwareAddress(MacAddress address) => With(Field.ArpTha, address.Value);

    public Match NdTarget(Ipv6Address address, int prefix = 128) =>
        With(Field.NdTarget, address.Value, Ipv6Address.Mask(prefix).Value);

    public Match NdSourceLinkLayer(MacAddress address) => With(Field.NdSll, address.Value);

    public Match NdTargetLinkLayer(MacAddress address) => With(Field.NdTll, address.Value);

    public Match NdReserved(uint word) => With(Field.NdReserved, word);

    public Match NdOptionType(byte type) => With(Field.NdOptionType, type);
}

/// <summary>What nw_frag tells apart (ovs-fields(7)).</summary>
public enum NwFragment
{
    /// <summary>A whole packet.</summary>
    No,

    /// <summary>Any fragment.</summary>
    Yes,

    /// <summary>The fragment with the transport header.</summary>
    First,

    /// <summary>Any fragment but the first: it has no transport header.</summary>
    Later,

    /// <summary>A whole packet or a first fragment.</summary>
    NotLater,
}

/// <summary>The bits of ct_state, as Open vSwitch numbers them.</summary>
[Flags]
public enum CtState
{
    None = 0,
    New = 1,
    Established = 2,
    Related = 4,
    ReplyDirection = 8,
    Invalid = 16,
    Tracked = 32,
    SourceTranslated = 64,
    DestinationTranslated = 128,
}
