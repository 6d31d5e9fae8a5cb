using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;
using Alcor.Network.Flavors;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.Neutron;

/// <summary>Who provides services: of routers alone there is a choice.</summary>
internal static class ServiceProviders
{
    public static ApiOperation List { get; } =
        new("GET", "/v2.0/service-providers", "service_provider", "list_service_providers", "Who provides services")
        {
            Handler = ListAsync,
            Rule = "get_service_provider",
            Response = () => Whole(("service_providers", ListOf(Whole(
                ("service_type", Text("The service.")),
                ("name", Text("The name of the provider.")),
                ("default", new JsonObject { ["type"] = "boolean" }))))),
            Errors = ["401", "403"],
        };

    private static async Task<ApiError?> ListAsync(ApiCall call)
    {
        await ApiResponse.WriteEnvelopeAsync(call.Http, "service_providers", json =>
        {
            json.WriteStartArray();
            foreach (var provider in RouterProvider.All)
            {
                json.WriteStartObject();
                json.WriteString("service_type", Flavor.Routing);
                json.WriteString("name", provider.Name);
                json.WriteBoolean("default", provider == RouterProvider.All[0]);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
        return null;
    }
}
