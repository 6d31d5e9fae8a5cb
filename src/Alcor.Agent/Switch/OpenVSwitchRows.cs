using System.Collections.Immutable;
using Alcor.Agent.Rendering;
using Alcor.Agent.Services;
using Alcor.Ovsdb.OpenVSwitch;

namespace Alcor.Agent.Switch;

/// <summary>What the agent asks of the database of Open vSwitch, and the facts that it reads there.</summary>
internal static class OpenVSwitchRows
{
    private const string InterfaceId = "iface-id";
    private static readonly ImmutableArray<string> Protocols =
        ["OpenFlow10", "OpenFlow13", "OpenFlow14", "OpenFlow15"];

    /// <summary>
    /// The bridge and its tunnel ports. Without a controller: the agent comes through the management socket, since
    /// setting or removing a controller wipes all flows.
    /// </summary>
    public static void Ask(SwitchPlan plan, SwitchView view, OpenVSwitchOptions options)
    {
        plan.EnsureBridge(new BridgeSettings(options.Bridge, options.DatapathType)
            {
                FailMode = "secure",
                Protocols = Protocols,
            })
            .EnsureTunnelPort(options.Bridge, From(options, TunnelSettings.Vxlan(options.VxlanPortName)))
            .EnsureTunnelPort(options.Bridge, From(options, TunnelSettings.Geneve(options.GenevePortName)));
        if (options.Services != HostServices.None)
            plan.EnsurePort(options.Bridge, new PortSettings(options.ServicePortName));
        // A bridge that leads outside is the operator's: it is not made here, and has flows of its own.
        foreach (var bridge in options.BridgeMappings.Select(mapping => mapping.Value).Distinct())
        {
            if (view.Bridge(bridge) is null)
                continue;
            plan.EnsurePort(options.Bridge, Patch(Inner(bridge), Outer(bridge)))
                .EnsurePort(bridge, Patch(Outer(bridge), Inner(bridge)));
        }
    }

    /// <summary>
    /// Null until the switch has dealt with the tunnel ports, well or badly: before that the facts are not complete,
    /// and a missing port would be taken for a removed one. A switch that cannot have one says so in its error.
    /// </summary>
    public static SwitchFacts? Facts(SwitchView view, OpenVSwitchOptions options)
    {
        if (view.Interface(options.VxlanPortName) is not { OpenFlowPort: not null } vxlan
            || view.Interface(options.GenevePortName) is not { OpenFlowPort: not null } geneve)
        {
            return null;
        }
        var interfaces = ImmutableDictionary.CreateBuilder<Guid, uint>();
        foreach (var row in view.InterfacesOf(options.Bridge))
        {
            if (Number(row) is not { } port || !row.ExternalIds.TryGetValue(InterfaceId, out var text))
                continue;
            if (!Guid.TryParseExact(text, "D", out var id))
                continue;
            // Two interfaces of one port, as in the middle of a replacement: the choice must not depend on their order.
            if (!interfaces.TryGetValue(id, out var other) || port < other)
                interfaces[id] = port;
        }
        var tunnels = new TunnelPorts(Number(vxlan), Number(geneve));
        return new SwitchFacts(interfaces.ToImmutable(), tunnels, options.TunnelAddress)
        {
            Services = options.Services != HostServices.None
                && view.Interface(options.ServicePortName) is { } services && Number(services) is { } number
                ? new ServicePort(number, options.Services)
                : null,
            PhysicalPorts = options.BridgeMappings
                .Select(mapping => (Network: mapping.Key, Port: PatchNumber(view, mapping.Value)))
                .Where(known => known.Port is not null)
                .ToImmutableSortedDictionary(known => known.Network, known => known.Port!.Value,
                    StringComparer.Ordinal),
        };
    }

    /// <summary>Why the switch cannot have a tunnel port, in its words.</summary>
    public static IEnumerable<string> RefusedTunnels(SwitchView view, OpenVSwitchOptions options) =>
        new[] { options.VxlanPortName, options.GenevePortName }.Select(view.Interface)
            .Where(row => row?.Error is not null).Select(row => $"the switch cannot have {row!.Name}: {row.Error}");

    private static TunnelSettings From(OpenVSwitchOptions options, TunnelSettings settings) =>
        settings with { LocalAddress = options.TunnelAddress.ToString() };

    private static uint? PatchNumber(SwitchView view, string bridge) =>
        view.Interface(Inner(bridge)) is { } patch ? Number(patch) : null;

    private static PortSettings Patch(string name, string peer) => new(name)
    {
        Type = "patch",
        Options = ImmutableSortedDictionary<string, string>.Empty.Add("peer", peer),
    };

    private static string Inner(string bridge) => $"int-{bridge}";

    private static string Outer(string bridge) => $"phy-{bridge}";

    private static uint? Number(InterfaceRow row) =>
        row.OpenFlowPort is > 0 and <= uint.MaxValue && row.Error is null
            ? uint.CreateChecked(row.OpenFlowPort.Value)
            : null;
}
