using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;
using Alcor.Network.Ports;

namespace Alcor.Network.FloatingIps;

/// <summary>The shapes of what is shown with a floating IP, and of ranges of ports.</summary>
internal static class FloatingIpSchemas
{
    private const string NoRange = "Port range must be two integers separated by a colon";

    public static Schema<Port?> PortDetails { get; } = Schemas.ShownOnly<Port?>(
        Schemas.WithNull(new JsonObject { ["type"] = "object" }),
        (writer, port) =>
        {
            if (port is null)
            {
                writer.WriteNullValue();
                return;
            }
            writer.WriteStartObject();
            writer.WriteString("name", port.Name);
            writer.WriteString("network_id", port.NetworkId);
            writer.WriteString("mac_address", port.MacAddress.ToString());
            writer.WriteBoolean("admin_state_up", port.AdminStateUp);
            writer.WriteString("status", port.Status);
            writer.WriteString("device_id", port.DeviceId);
            writer.WriteString("device_owner", port.DeviceOwner);
            writer.WriteEndObject();
        });

    public static Schema<ImmutableArray<PortForwarding>> PortForwardings { get; } =
        Schemas.ShownOnly<ImmutableArray<PortForwarding>>(
            new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "object" } },
            (writer, forwardings) =>
            {
                writer.WriteStartArray();
                foreach (var forwarding in forwardings)
                    Write(writer, forwarding);
                writer.WriteEndArray();
            });

    /// <summary>A port or a range of them: <c>80:90</c>; null reads as null.</summary>
    public static Schema<PortRange?> Range { get; } = Schemas.NullableValue(new Schema<PortRange>
    {
        TryRead = (JsonElement json, out PortRange value, out string reason) =>
        {
            var text = json.ValueKind is JsonValueKind.String or JsonValueKind.Number ? json.ToString() : "";
            reason = PortRange.TryParse(text, out value) ? Problem(value) : NoRange;
            return reason.Length == 0;
        },
        Write = (writer, value) => writer.WriteStringValue(value.ToString()),
        FilterTexts = value => [value.ToString()],
        SortKey = value => value.First,
        Describe = () => new JsonObject { ["type"] = "string" },
    });

    private static string Problem(PortRange range) =>
        range.First is < 1 or > PortRange.Highest || range.Last is < 1 or > PortRange.Highest
            ? "Invalid port value, the port value must be a value between 1 and 65535"
            : range.First > range.Last ? "First port in a port range must be lower than the second port" : "";

    private static void Write(Utf8JsonWriter writer, PortForwarding forwarding)
    {
        writer.WriteStartObject();
        writer.WriteString("id", forwarding.Id);
        writer.WriteString("protocol", forwarding.Protocol);
        writer.WriteString("internal_port_id", forwarding.InternalPortId);
        writer.WriteString("internal_ip_address", forwarding.InternalIpAddress.ToString());
        if (forwarding.InternalPorts.Single is { } inside)
            writer.WriteNumber("internal_port", inside);
        if (forwarding.ExternalPorts.Single is { } outside)
            writer.WriteNumber("external_port", outside);
        writer.WriteEndObject();
    }
}
