using System.Collections.Immutable;
using Alcor.Kernel;
using Alcor.Kernel.Resources;
using Alcor.Server.Api.Access;
using Alcor.Storage;

namespace Alcor.Server.Api;

/// <summary>
/// The Networking API v2.0: takes a request to its endpoint by path and method, and answers errors. Which resource
/// types there are, it learns from the collections that it is given.
/// </summary>
internal sealed class NetworkingApi
{
    private readonly Administrators administrators;
    private readonly RouteTable routes = new();
    private readonly ILogger logger;

    public NetworkingApi(
        ImmutableArray<ApiCollection> collections,
        ImmutableArray<ApiOperation> operations,
        ApiServices services,
        ILogger logger)
    {
        this.logger = logger;
        administrators = new Administrators(services.Policy);
        AddDiscovery([.. collections.Where(collection => collection.Version == "v2.0")]);
        AddDocument("/openapi/neutron", OpenApi.NetworkingDocument.Write("v2.0", collections, operations));
        AddDocument("/openapi/alcor", OpenApi.NetworkingDocument.Write("v1", collections, operations));
        foreach (var collection in collections)
            Add(collection, new CollectionEndpoints(collection, services));
        foreach (var collection in collections.Where(c => c.TagPath is not null))
            AddTags(collection.TagPath!, new TagEndpoints(collection, services));
        foreach (var operation in operations)
            routes.Add(operation.Method, operation.Path, Ruled(operation, services));
    }

    /// <summary>What it answers, by method and path.</summary>
    public IEnumerable<(string Method, string Path)> Routes => routes.All;

    /// <summary>Answers any request; what is not there is a 404.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            if (await RouteAsync(http) is { } error)
                await AnswerAsync(http, error);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client went away: nobody is left to be answered.
        }
        catch (BadHttpRequestException exception)
        {
            await AnswerAsync(http, new ApiError(exception.StatusCode, "HTTPBadRequest", exception.Message));
        }
#pragma warning disable CA1031 // The last place that can answer; what happened is logged.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var (request, trace) = (http.Request, http.TraceIdentifier);
            logger.LogError(exception, "{Method} {Path} failed ({Trace})", request.Method, request.Path, trace);
            await AnswerAsync(http, Failure(exception, trace));
        }
    }

    private static ApiError Failure(Exception exception, string trace)
    {
        var reason = exception is CommitUnknownException
            ? "the outcome is unknown. Either all of it took place or nothing did: look before trying again."
            : "internal server error while processing your request.";
        return new ApiError(500, "HTTPInternalServerError", $"Request Failed: {reason}", trace);
    }

    private static Task AnswerAsync(HttpContext http, ApiError error)
    {
        if (http.Response.HasStarted)
        {
            // Half a response is out. A broken connection is the only way left to say that it is not whole.
            http.Abort();
            return Task.CompletedTask;
        }
        if (error.Status == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = "1";
        return ApiResponse.WriteErrorAsync(http, error);
    }

    private Task<ApiError?> RouteAsync(HttpContext http)
    {
        if (routes.Find(Segments(http.Request.Path.Value ?? ""), out var ids) is not { } handlers)
            return NotFound("The resource could not be found.");
        var method = http.Request.Method == "HEAD" ? "GET" : http.Request.Method;
        return handlers.TryGetValue(method, out var handler)
            ? handler(new ApiCall(http, CallerOf(http), ids))
            : NotAllowed(http, string.Join(", ", handlers.Keys.Select(m => m == "GET" ? "GET, HEAD" : m)));
    }

    private Caller CallerOf(HttpContext http) => administrators.Judge(
        http.Features.Get<Caller>()
        ?? throw new InvariantException("a request reaches the API with its caller known"));

    private void Add(ApiCollection collection, CollectionEndpoints endpoints)
    {
        var one = $"{collection.Path}/{{id}}";
        routes.Add("GET", collection.Path, endpoints.ListAsync);
        routes.Add("GET", one, endpoints.ShowAsync);
        if (collection.Verbs.HasFlag(Verbs.Create))
            routes.Add("POST", collection.Path, endpoints.CreateAsync);
        if (collection.Verbs.HasFlag(Verbs.Update))
            routes.Add("PUT", one, endpoints.UpdateAsync);
        if (collection.Verbs.HasFlag(Verbs.Delete))
            routes.Add("DELETE", one, endpoints.DeleteAsync);
        foreach (var action in collection.Commands?.Actions ?? [])
        {
            routes.Add(
                action.Command is null ? "GET" : "PUT",
                $"{one}/{action.Name}",
                call => endpoints.ActAsync(call, action));
        }
    }

    /// <summary>The operation for whom its rule lets ask, if it has one.</summary>
    private static ApiHandler Ruled(ApiOperation operation, ApiServices services) => operation.Rule is not { } rule
        ? operation.Handler
        : call => services.Refuse(call.Caller, rule) is { } forbidden
            ? Task.FromResult<ApiError?>(forbidden)
            : operation.Handler(call);

    private void AddTags(string all, TagEndpoints endpoints)
    {
        routes.Add("GET", all, endpoints.ListAsync);
        routes.Add("PUT", all, endpoints.ReplaceAsync);
        routes.Add("DELETE", all, endpoints.ClearAsync);
        var one = $"{all}/{{tag}}";
        routes.Add("GET", one, endpoints.ShowAsync);
        routes.Add("PUT", one, endpoints.AddAsync);
        routes.Add("DELETE", one, endpoints.RemoveAsync);
    }

    private void AddDiscovery(ImmutableArray<ApiCollection> collections)
    {
        AddRead("/", call => Discovery.WriteVersionsAsync(call.Http));
        AddRead("/versions", call => Discovery.WriteVersionsAsync(call.Http));
        AddRead("/v2.0", call => Discovery.WriteResourcesAsync(call.Http, collections));
        AddRead("/v2.0/extensions", call => Extensions.WriteAllAsync(call.Http));
        routes.Add("GET", "/v2.0/extensions/{alias}", async call =>
        {
            if (Extension.Find(call.Ids[0]) is not { } extension)
                return new ApiError(404, "HTTPNotFound", $"Extension with alias {call.Ids[0]} does not exist");
            await Extensions.WriteOneAsync(call.Http, extension);
            return null;
        });
    }

    private void AddRead(string path, Func<ApiCall, Task> write) => routes.Add("GET", path, async call =>
    {
        await write(call);
        return null;
    });

    private static Task<ApiError?> NotAllowed(HttpContext http, string allowed)
    {
        http.Response.Headers.Allow = allowed;
        return Task.FromResult<ApiError?>(new ApiError(
            405,
            "HTTPMethodNotAllowed",
            $"The method {http.Request.Method} is not allowed for this resource; {allowed} are."));
    }

    private static Task<ApiError?> NotFound(string message) =>
        Task.FromResult<ApiError?>(new ApiError(404, "HTTPNotFound", message));

    private void AddDocument(string path, byte[] document) => AddRead(path, async call =>
    {
        call.Http.Response.ContentType = "application/json";
        call.Http.Response.ContentLength = document.Length;
        await call.Http.Response.Body.WriteAsync(document, call.Aborted);
    });

    /// <summary>The parts of a path; a trailing slash or ".json" says nothing.</summary>
    private static string[] Segments(string path)
    {
        var trimmed = path.AsSpan().TrimEnd('/');
        if (trimmed.EndsWith(".json"))
            trimmed = trimmed[..^".json".Length];
        return trimmed.ToString().Split('/', StringSplitOptions.RemoveEmptyEntries);
    }
}
