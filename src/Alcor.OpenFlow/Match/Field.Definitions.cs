namespace Alcor.OpenFlow;

public sealed partial class Field
{
    /// <summary>The number of 32-bit registers that Open vSwitch has.</summary>
    public const int RegisterCount = 16;

    /// <summary>The number of 128-bit double-extended registers, each of four of the registers.</summary>
    public const int DoubleExtendedRegisterCount = RegisterCount / 4;

    /// <summary>OFPXMC_EXPERIMENTER: after the header stands whose field it is.</summary>
    internal const uint ExperimenterClass = 0xffff_0000u;

    private const uint Onf = 0x4f4e_4600;
    private static readonly List<Field> Registry = [];
    private static readonly Dictionary<uint, Field> ByHeader = [];

    // Static members are initialised in the order of the text, and that order is the ordinal order: a prerequisite
    // (eth_type before ip_proto before ports) must stand before its dependents, as OpenFlow 1.4.1 7.2.3.6 demands.
    public static readonly Field InPort = new("in_port_oxm", 32, Only(Oxm(0)), FieldFormat.Decimal, "OXM_OF_IN_PORT")
    { IsMaskable = false };

    /// <summary>The 16-bit view of the input port, for <c>move</c> and <c>load</c> only.</summary>
    public static readonly Field InPort16 = new("in_port", 16, Only(Nxm(0)), FieldFormat.Decimal, "NXM_OF_IN_PORT")
    { IsMaskable = false, IsMatchable = false };

    public static readonly Field Metadata =
        new("metadata", 64, Only(Oxm(2)), FieldFormat.Hexadecimal, "OXM_OF_METADATA");
    public static readonly Field TunnelId =
        new("tun_id", 64, Both(Oxm(38), Nx(16)), FieldFormat.Hexadecimal, "NXM_NX_TUN_ID");
    public static readonly Field TunnelSource =
        new("tun_src", 32, Only(Nx(31)), FieldFormat.Ipv4, "NXM_NX_TUN_IPV4_SRC");
    public static readonly Field TunnelDestination =
        new("tun_dst", 32, Only(Nx(32)), FieldFormat.Ipv4, "NXM_NX_TUN_IPV4_DST");

    public static readonly Field TunnelIpv6Source =
        new("tun_ipv6_src", 128, Only(Nx(109)), FieldFormat.Ipv6, "NXM_NX_TUN_IPV6_SRC");

    public static readonly Field TunnelIpv6Destination =
        new("tun_ipv6_dst", 128, Only(Nx(110)), FieldFormat.Ipv6, "NXM_NX_TUN_IPV6_DST");

    public static readonly Field PacketMark =
        new("pkt_mark", 32, Only(Nx(33)), FieldFormat.Hexadecimal, "NXM_NX_PKT_MARK");

    public static readonly Field ConjunctionId =
        new("conj_id", 32, Only(Nx(37)), FieldFormat.Decimal, "NXM_NX_CONJ_ID") { IsMaskable = false };

    public static readonly Field CtState =
        new("ct_state", 32, Only(Nx(105)), FieldFormat.Hexadecimal, "NXM_NX_CT_STATE") { IsWritable = false };

    public static readonly Field CtZone =
        new("ct_zone", 16, Only(Nx(106)), FieldFormat.Hexadecimal, "NXM_NX_CT_ZONE")
    { IsMaskable = false, IsWritable = false };

    public static readonly Field CtMark = new("ct_mark", 32, Only(Nx(107)), FieldFormat.Hexadecimal, "NXM_NX_CT_MARK");
    public static readonly Field CtLabel =
        new("ct_label", 128, Only(Nx(108)), FieldFormat.Hexadecimal, "NXM_NX_CT_LABEL");
    public static readonly Field CtProto =
        new("ct_nw_proto", 8, Only(Nx(119)), FieldFormat.Decimal, "NXM_NX_CT_NW_PROTO")
    { IsMaskable = false, IsWritable = false };

    public static readonly Field CtIpv4Src =
        new("ct_nw_src", 32, Only(Nx(120)), FieldFormat.Ipv4, "NXM_NX_CT_NW_SRC") { IsWritable = false };

    public static readonly Field CtIpv4Dst =
        new("ct_nw_dst", 32, Only(Nx(121)), FieldFormat.Ipv4, "NXM_NX_CT_NW_DST") { IsWritable = false };

    public static readonly Field CtIpv6Src =
        new("ct_ipv6_src", 128, Only(Nx(122)), FieldFormat.Ipv6, "NXM_NX_CT_IPV6_SRC") { IsWritable = false };

    public static readonly Field CtIpv6Dst =
        new("ct_ipv6_dst", 128, Only(Nx(123)), FieldFormat.Ipv6, "NXM_NX_CT_IPV6_DST") { IsWritable = false };

    public static readonly Field CtPortSrc =
        new("ct_tp_src", 16, Only(Nx(124)), FieldFormat.Decimal, "NXM_NX_CT_TP_SRC") { IsWritable = false };

    public static readonly Field CtPortDst =
        new("ct_tp_dst", 16, Only(Nx(125)), FieldFormat.Decimal, "NXM_NX_CT_TP_DST") { IsWritable = false };

    private static readonly Field[] Registers = MakeRegisters();
    private static readonly Field[] DoubleExtendedRegisters = MakeDoubleExtendedRegisters();
    public static readonly Field EthDst = new("eth_dst", 48, Both(Oxm(3), Nxm(1)), FieldFormat.Mac, "NXM_OF_ETH_DST");
    public static readonly Field EthSrc = new("eth_src", 48, Both(Oxm(4), Nxm(2)), FieldFormat.Mac, "NXM_OF_ETH_SRC");
    public static readonly Field EthType =
        new("eth_type", 16, Both(Oxm(5), Nxm(3)), FieldFormat.Hexadecimal, "NXM_OF_ETH_TYPE")
    { IsMaskable = false };

    /// <summary>12 bits of identifier and, above them, the bit that says a tag is present (OFPVID_PRESENT).</summary>
    public static readonly Field VlanVid =
        new("vlan_vid", 13, Only(Oxm(6)), FieldFormat.Decimal, "OXM_OF_VLAN_VID");
    public static readonly Field VlanPcp =
        new("vlan_pcp", 3, Only(Oxm(7)), FieldFormat.Decimal, "OXM_OF_VLAN_PCP") { IsMaskable = false };

    public static readonly Field IpDscp =
        new("ip_dscp", 6, Only(Oxm(8)), FieldFormat.Decimal, "OXM_OF_IP_DSCP") { IsMaskable = false };

    public static readonly Field IpEcn =
        new("nw_ecn", 2, Both(Oxm(9), Nx(28)), FieldFormat.Decimal, "NXM_NX_IP_ECN") { IsMaskable = false };

    public static readonly Field IpProto =
        new("nw_proto", 8, Both(Oxm(10), Nxm(6)), FieldFormat.Decimal, "NXM_OF_IP_PROTO") { IsMaskable = false };

    public static readonly Field IpTtl =
        new("nw_ttl", 8, Only(Nx(29)), FieldFormat.Decimal, "NXM_NX_IP_TTL") { IsMaskable = false };

    /// <summary>Bit 0 says a fragment, bit 1 one that is not the first; see <see cref="NwFragment"/>.</summary>
    public static readonly Field IpFragment =
        new("nw_frag", 2, Only(Nx(26)), FieldFormat.Hexadecimal, "NXM_NX_IP_FRAG") { IsWritable = false };

    public static readonly Field Ipv4Src = new("ip_src", 32, Both(Oxm(11), Nxm(7)), FieldFormat.Ipv4, "NXM_OF_IP_SRC");
    public static readonly Field Ipv4Dst = new("ip_dst", 32, Both(Oxm(12), Nxm(8)), FieldFormat.Ipv4, "NXM_OF_IP_DST");
    public static readonly Field Ipv6Src =
        new("ipv6_src", 128, Both(Oxm(26), Nx(19)), FieldFormat.Ipv6, "NXM_NX_IPV6_SRC");
    public static readonly Field Ipv6Dst =
        new("ipv6_dst", 128, Both(Oxm(27), Nx(20)), FieldFormat.Ipv6, "NXM_NX_IPV6_DST");
    public static readonly Field TcpSrc =
        new("tcp_src", 16, Both(Oxm(13), Nxm(9)), FieldFormat.Decimal, "NXM_OF_TCP_SRC");
    public static readonly Field TcpDst =
        new("tcp_dst", 16, Both(Oxm(14), Nxm(10)), FieldFormat.Decimal, "NXM_OF_TCP_DST");

    /// <summary>The flags of RFC 793 from bit 0 on, FIN first, and those after them up to bit 11.</summary>
    public static readonly Field TcpFlags =
        new("tcp_flags", 12, new Headers(ExperimenterClass | 42 << 9, Nx(34)), FieldFormat.Hexadecimal,
            "NXM_NX_TCP_FLAGS")
    { IsWritable = false, MatchExperimenter = Onf };

    public static readonly Field UdpSrc =
        new("udp_src", 16, Both(Oxm(15), Nxm(11)), FieldFormat.Decimal, "NXM_OF_UDP_SRC");
    public static readonly Field UdpDst =
        new("udp_dst", 16, Both(Oxm(16), Nxm(12)), FieldFormat.Decimal, "NXM_OF_UDP_DST");
    public static readonly Field SctpSrc =
        new("sctp_src", 16, Only(Oxm(17)), FieldFormat.Decimal, "OXM_OF_SCTP_SRC");
    public static readonly Field SctpDst =
        new("sctp_dst", 16, Only(Oxm(18)), FieldFormat.Decimal, "OXM_OF_SCTP_DST");
    public static readonly Field Icmpv4Type =
        new("icmp_type", 8, Both(Oxm(19), Nxm(13)), FieldFormat.Decimal, "NXM_OF_ICMP_TYPE") { IsMaskable = false };

    public static readonly Field Icmpv4Code =
        new("icmp_code", 8, Both(Oxm(20), Nxm(14)), FieldFormat.Decimal, "NXM_OF_ICMP_CODE") { IsMaskable = false };

    public static readonly Field Icmpv6Type =
        new("icmpv6_type", 8, Both(Oxm(29), Nx(21)), FieldFormat.Decimal, "NXM_NX_ICMPV6_TYPE") { IsMaskable = false };

    public static readonly Field Icmpv6Code =
        new("icmpv6_code", 8, Both(Oxm(30), Nx(22)), FieldFormat.Decimal, "NXM_NX_ICMPV6_CODE") { IsMaskable = false };

    public static readonly Field ArpOp =
        new("arp_op", 16, Both(Oxm(21), Nxm(15)), FieldFormat.Decimal, "NXM_OF_ARP_OP") { IsMaskable = false };

    public static readonly Field ArpSpa =
        new("arp_spa", 32, Both(Oxm(22), Nxm(16)), FieldFormat.Ipv4, "NXM_OF_ARP_SPA");
    public static readonly Field ArpTpa =
        new("arp_tpa", 32, Both(Oxm(23), Nxm(17)), FieldFormat.Ipv4, "NXM_OF_ARP_TPA");
    public static readonly Field ArpSha = new("arp_sha", 48, Both(Oxm(24), Nx(17)), FieldFormat.Mac, "NXM_NX_ARP_SHA");
    public static readonly Field ArpTha = new("arp_tha", 48, Both(Oxm(25), Nx(18)), FieldFormat.Mac, "NXM_NX_ARP_THA");
    public static readonly Field NdTarget =
        new("nd_target", 128, Both(Oxm(31), Nx(23)), FieldFormat.Ipv6, "NXM_NX_ND_TARGET");
    public static readonly Field NdSll = new("nd_sll", 48, Both(Oxm(32), Nx(24)), FieldFormat.Mac, "NXM_NX_ND_SLL");
    public static readonly Field NdTll = new("nd_tll", 48, Both(Oxm(33), Nx(25)), FieldFormat.Mac, "NXM_NX_ND_TLL");

    /// <summary>
    /// The word after the checksum: router, solicited and override flags (RFC 4861 4.4) from the top.
    /// </summary>
    public static readonly Field NdReserved =
        new("nd_reserved", 32, Only(Eri(1)), FieldFormat.Decimal, "ERICOXM_OF_ICMPV6_ND_RESERVED")
    { IsMaskable = false };

    /// <summary>The type of the first option.</summary>
    public static readonly Field NdOptionType =
        new("nd_options_type", 8, Only(Eri(2)), FieldFormat.Decimal, "ERICOXM_OF_ICMPV6_ND_OPTIONS_TYPE")
    { IsMaskable = false };

    /// <summary>NXM register 0 to 15, 32 bits each.</summary>
    public static Field Register(int number) => Registers[number];

    /// <summary>
    /// xxreg0 to xxreg3, 128 bits each: xxreg n is the registers 4n, most significant, to 4n + 3. A match on one is a
    /// match on those four: so the switch answers in OpenFlow 1.3 and 1.4, whatever it was asked.
    /// </summary>
    public static Field DoubleExtendedRegister(int number) => DoubleExtendedRegisters[number];

    private static Field[] MakeRegisters()
    {
        var registers = new Field[RegisterCount];
        for (var i = 0; i < RegisterCount; i++)
            registers[i] = new Field($"reg{i}", 32, Only(Nx(i)), FieldFormat.Hexadecimal, $"NXM_NX_REG{i}");
        return registers;
    }

    private static Field[] MakeDoubleExtendedRegisters()
    {
        var registers = new Field[DoubleExtendedRegisterCount];
        for (var i = 0; i < registers.Length; i++)
            registers[i] = new Field(
                $"xxreg{i}", 128, Only(Nx(111 + i)), FieldFormat.Hexadecimal, $"NXM_NX_XXREG{i}")
            { Parts = ValueList.Create<Field>(Registers.AsSpan(4 * i, 4)) };
        return registers;
    }

    private static Headers Only(uint type) => new(type, type);

    private static Headers Both(uint oxm, uint nxm) => new(oxm, nxm);

    private static uint Oxm(int number) => 0x8000_0000u | (uint)number << 9;

    private static uint Nxm(int number) => (uint)number << 9;

    private static uint Nx(int number) => 0x0001_0000u | (uint)number << 9;

    private static uint Eri(int number) => 0x1000_0000u | (uint)number << 9;
}
