using System.Collections.Immutable;
using System.Globalization;

namespace Alcor.Ovsdb.OpenVSwitch;

/// <summary>A bridge as it should be. Keys of maps that are not named here belong to others and stay.</summary>
public sealed record BridgeSettings(string Name, string DatapathType)
{
    public string FailMode { get; init; } = "secure";

    /// <summary>OpenFlow versions such as <c>OpenFlow14</c>; empty leaves the choice to the switch.</summary>
    public ImmutableArray<string> Protocols { get; init; } = [];

    /// <summary>For example <c>hwaddr</c>, the address of the local port.</summary>
    public ImmutableSortedDictionary<string, string> OtherConfig { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableSortedDictionary<string, string> ExternalIds { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    internal OvsdbRow Columns() => OvsdbRow.Of(
        ("datapath_type", DatapathType), ("fail_mode", FailMode), ("protocols", OvsdbValue.Strings(Protocols)));

    internal OvsdbRow ToRow() => Columns().With(OvsdbRow.Of(
        ("name", Name),
        ("other_config", OvsdbValue.Map(OtherConfig)),
        ("external_ids", OvsdbValue.Map(ExternalIds))));
}

/// <summary>A port with one interface of the same name, as it should be.</summary>
public sealed record PortSettings(string Name)
{
    /// <summary>Empty for a device of the operating system.</summary>
    public string Type { get; init; } = "";

    public ImmutableSortedDictionary<string, string> Options { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Keys of the interface's external_ids; others stay as they are.</summary>
    public ImmutableSortedDictionary<string, string> ExternalIds { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The OpenFlow port number, 1 to 65279, to keep over restarts; null leaves it as it is.</summary>
    public int? OpenFlowPortRequest { get; init; }

    internal OvsdbRow Columns()
    {
        var row = OvsdbRow.Of(("type", Type), ("options", OvsdbValue.Map(Options)));
        return OpenFlowPortRequest is { } number ? row.With("ofport_request", number) : row;
    }

    internal OvsdbRow ToRow() =>
        Columns().With(OvsdbRow.Of(("name", Name), ("external_ids", OvsdbValue.Map(ExternalIds))));
}

/// <summary>A tunnel port whose network identifier and peer are set by flows.</summary>
/// <param name="Type">The encapsulation, as the switch names it.</param>
/// <param name="DestinationPort">Of UDP.</param>
public sealed record TunnelSettings(string Name, string Type, int DestinationPort)
{
    /// <summary>The UDP port that IANA assigned to VXLAN (RFC 7348 section 8).</summary>
    public const int VxlanPort = 4789;

    /// <summary>The UDP port that IANA assigned to Geneve (RFC 8926 section 8).</summary>
    public const int GenevePort = 6081;

    public static TunnelSettings Vxlan(string name) => new(name, "vxlan", VxlanPort);

    public static TunnelSettings Geneve(string name) => new(name, "geneve", GenevePort);

    /// <summary>The address that tunnelled packets come from; null leaves it to the routing table.</summary>
    public string? LocalAddress { get; init; }

    public int? OpenFlowPortRequest { get; init; }

    internal PortSettings ToPort()
    {
        var options = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add("key", "flow")
            .Add("remote_ip", "flow")
            .Add("dst_port", DestinationPort.ToString(CultureInfo.InvariantCulture));
        return new PortSettings(Name)
        {
            Type = Type,
            Options = LocalAddress is null ? options : options.Add("local_ip", LocalAddress),
            OpenFlowPortRequest = OpenFlowPortRequest,
        };
    }
}
