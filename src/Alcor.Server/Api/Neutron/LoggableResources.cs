using Alcor.Kernel.Resources;
using Alcor.Network.Logs;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.Neutron;

/// <summary>Whose decisions over packets can be logged.</summary>
internal static class LoggableResources
{
    public static ApiOperation List { get; } =
        new(
            "GET",
            "/v2.0/log/loggable-resources",
            "loggable_resource",
            "list_loggable_resources",
            "The types of resources that logs can be of; hosts do not log yet")
        {
            Handler = ListAsync,
            Rule = "get_loggable_resource",
            Response = () => Whole(("loggable_resources", ListOf(Whole(("type", Text("security_group.")))))),
            Errors = ["401", "403"],
        };

    private static async Task<ApiError?> ListAsync(ApiCall call)
    {
        await ApiResponse.WriteEnvelopeAsync(call.Http, "loggable_resources", json =>
        {
            json.WriteStartArray();
            foreach (var type in LogAttributes.Loggable)
            {
                json.WriteStartObject();
                json.WriteString("type", type);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
        return null;
    }
}
