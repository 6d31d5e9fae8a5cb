using System.Globalization;

namespace Alcor.OpenFlow;

/// <summary>The reserved port numbers (OpenFlow 1.4.1 section 7.2.1, enum ofp_port_no).</summary>
public static class Ports
{
    /// <summary>The greatest number of a real port; Open vSwitch gives at most 0xfeff.</summary>
    public const uint Max = 0xffff_ff00;

    public const uint InPort = 0xffff_fff8;

    /// <summary>OFPP_TABLE: only in a packet-out, sends the packet through the tables.</summary>
    public const uint Table = 0xffff_fff9;

    public const uint Normal = 0xffff_fffa;

    public const uint Flood = 0xffff_fffb;

    public const uint All = 0xffff_fffc;

    public const uint Controller = 0xffff_fffd;

    public const uint Local = 0xffff_fffe;

    public const uint Any = 0xffff_ffff;

    /// <summary>The number, or the name of a reserved port, as Open vSwitch's tools write it.</summary>
    public static string Text(uint port) => port switch
    {
        InPort => "IN_PORT",
        Table => "TABLE",
        Normal => "NORMAL",
        Flood => "FLOOD",
        All => "ALL",
        Controller => "CONTROLLER",
        Local => "LOCAL",
        Any => "ANY",
        _ => port.ToString(CultureInfo.InvariantCulture),
    };
}
